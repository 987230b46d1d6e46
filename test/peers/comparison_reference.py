"""Reference values of Bradley–Terry strengths for src/kernel, from scikit-learn's penalised logistic regression.

    python3 -m venv VENV && VENV/bin/pip install scikit-learn
    VENV/bin/python test/peers/comparison_reference.py > test/peers/comparison-reference.json
    npx biome format --write test/peers/comparison-reference.json
"""

import importlib.metadata
import json
import sys

import numpy
from sklearn.linear_model import LogisticRegression

ITEMS, COMPARISONS, PRIOR_SD = 9, 160, 3.0

generator = numpy.random.default_rng(11)
strengths = generator.normal(scale=2, size=ITEMS)
strengths[3] = 12
pairs = []
while len(pairs) < COMPARISONS:
    one, other = (int(item) for item in generator.integers(0, ITEMS - 1, size=2))
    if one == other:
        continue
    wins = generator.uniform() < 1 / (1 + numpy.exp(strengths[other] - strengths[one]))
    pairs.append((one, other) if wins else (other, one))

# Each comparison twice, won and lost, so that both classes occur; the penalty is doubled with the rows.
design = numpy.zeros((2 * COMPARISONS, ITEMS))
for row, (greater, lesser) in enumerate(pairs):
    design[row, greater], design[row, lesser] = 1, -1
    design[COMPARISONS + row] = -design[row]
labels = numpy.repeat([1, 0], COMPARISONS)
model = LogisticRegression(C=PRIOR_SD**2 / 2, fit_intercept=False, tol=1e-12, max_iter=100000).fit(design, labels)

json.dump(
    {
        "versions": {"python": sys.version.split()[0], **{name: importlib.metadata.version(name) for name in ("scikit-learn", "numpy")}},
        "items": ITEMS,
        "priorSd": PRIOR_SD,
        "comparisons": [{"greater": greater, "lesser": lesser} for greater, lesser in pairs],
        "strengths": [float(value) for value in model.coef_[0]],
    },
    sys.stdout,
)
