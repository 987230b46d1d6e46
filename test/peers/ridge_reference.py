"""Reference values of the out-of-sample ridge regression for src/kernel, by whole covariance matrices in numpy.

    python3 -m venv VENV && VENV/bin/pip install numpy
    VENV/bin/python test/peers/ridge_reference.py > test/peers/ridge-reference.json
    npx biome format --write test/peers/ridge-reference.json
"""

import json
import sys

import numpy

generator = numpy.random.default_rng(11)
ROWS, COLUMNS = 14, 4
RATIOS = [0, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4]


def standardised(x, weights, train):
    mean = numpy.average(x[train], axis=0, weights=weights[train])
    deviation = numpy.sqrt(numpy.average((x[train] - mean) ** 2, axis=0, weights=weights[train]))
    return (x - mean) / deviation


def fit(x, y, weights, train):
    """Best linear unbiased prediction under V = 1/w + s X X', s by restricted likelihood with the variance profiled out."""
    z = standardised(x, weights, train)
    own = weights[train] / weights[train].mean()
    ones = numpy.ones(len(train))
    found = []
    for ratio in RATIOS:
        prior = ratio / z.shape[1]
        covariance = numpy.diag(1 / own) + prior * z[train] @ z[train].T
        inverse = numpy.linalg.inv(covariance)
        mean = (ones @ inverse @ y[train]) / (ones @ inverse @ ones)
        rest = y[train] - mean
        deviance = (
            (len(train) - 1) * numpy.log(rest @ inverse @ rest)
            + numpy.linalg.slogdet(covariance)[1]
            + numpy.log(ones @ inverse @ ones)
        )
        slopes = prior * z[train].T @ inverse @ rest
        found.append((deviance, ratio, mean, slopes))
    deviance, ratio, mean, slopes = min(found, key=lambda one: one[0])
    return ratio, mean, slopes, z


x = generator.normal(size=(ROWS, COLUMNS)) * [1, 2, 0.5, 10] + [0, 5, -1, 100]
weights = generator.uniform(0.5, 2, size=ROWS)
y = 0.8 * x[:, 0] - 0.3 * (x[:, 1] - 5) + 0.5 * generator.normal(size=ROWS)

left_out = []
for row in range(ROWS):
    train = [other for other in range(ROWS) if other != row]
    ratio, mean, slopes, z = fit(x, y, weights, train)
    left_out.append({"ratio": ratio, "mean": mean, "predicted": mean + z[row] @ slopes})
error = sum(w * (one["predicted"] - value) ** 2 for w, one, value in zip(weights, left_out, y))
base = sum(w * (one["mean"] - value) ** 2 for w, one, value in zip(weights, left_out, y))
ratio, mean, slopes, _ = fit(x, y, weights, list(range(ROWS)))

json.dump(
    {
        "made": {"numpy": numpy.__version__},
        "x": x.tolist(),
        "y": y.tolist(),
        "weights": weights.tolist(),
        "leftOut": left_out,
        "skill": 1 - error / base,
        "whole": {"ratio": ratio, "mean": mean, "slopes": slopes.tolist()},
    },
    sys.stdout,
    indent=1,
)
