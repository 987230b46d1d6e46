"""Reference values of agreement for src/kernel, from programs that share no code with it.

    python3 -m venv VENV && VENV/bin/pip install krippendorff irrCAC scikit-learn
    VENV/bin/python test/peers/agreement_reference.py > test/peers/agreement-reference.json
    npx biome format --write test/peers/agreement-reference.json

Apart from kernel_reference.py, since irrCAC needs older versions of what that one uses.
"""

import importlib.metadata
import json
import sys

import krippendorff
import numpy
import pandas
from irrCAC.raw import CAC
from sklearn.metrics import cohen_kappa_score

VALUES = [0.5, 1, 2, 4.5, 7]


def coders(generator, units=60, count=4):
    """Codes of one truth, each wrong at random, with gaps."""
    truth = generator.integers(0, len(VALUES), size=units)
    one = lambda code: code if generator.uniform() < 0.6 else int(generator.integers(0, len(VALUES)))
    codes = numpy.array([[one(code) for code in truth] for _ in range(count)], dtype=float)
    codes[generator.uniform(size=codes.shape) < 0.15] = numpy.nan
    return codes


def alphas(codes):
    numbers = numpy.array([[VALUES[int(code)] if code == code else numpy.nan for code in row] for row in codes])
    levels = ("nominal", "ordinal", "interval", "ratio")
    return {level: float(krippendorff.alpha(numbers, level_of_measurement=level, value_domain=VALUES)) for level in levels}


def gwet(codes, weights):
    estimate = CAC(pandas.DataFrame(codes.T), weights=weights, digits=17).gwet()["est"]
    return {ours: float(estimate[theirs]) for ours, theirs in (("coefficient", "coefficient_value"), ("observed", "pa"), ("expected", "pe"))}


def kappas(first, second):
    both = [(int(a), int(b)) for a, b in zip(first, second) if a == a and b == b]
    return {
        "n": len(both),
        "plain": float(cohen_kappa_score(*zip(*both))),
        "quadratic": float(cohen_kappa_score(*zip(*both), weights="quadratic", labels=range(len(VALUES)))),
    }


codes = coders(numpy.random.default_rng(21))
packages = ("krippendorff", "irrCAC", "scikit-learn", "numpy")
reference = {
    "versions": {"python": sys.version.split()[0], **{name: importlib.metadata.version(name) for name in packages}},
    "codes": [[None if code != code else int(code) for code in row] for row in codes],
    "values": VALUES,
    "alpha": alphas(codes),
    "kappa": kappas(codes[0], codes[1]),
    "ac1": gwet(codes, "identity"),
    "ac2": gwet(codes, "quadratic"),
}
json.dump(reference, sys.stdout, indent=2, allow_nan=False)
print()
