"""Reference values of ordinal regression for src/kernel, from statsmodels.

    python3 -m venv VENV && VENV/bin/pip install statsmodels==0.15.0
    VENV/bin/python test/peers/ordinal_reference.py > test/peers/ordinal-reference.json
    npx biome format --write test/peers/ordinal-reference.json
"""

import importlib.metadata
import json
import sys

import numpy
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.tools.numdiff import approx_fprime_cs, approx_hess

generator = numpy.random.default_rng(5)
ROWS, CLUSTERS = 240, 8
RUNGS = [0, 2, 3, 5, 7, 10]


def fit(y, x):
    model = OrderedModel(y, x, distr="logit")
    found = model.fit(method="bfgs", disp=False, maxiter=2000, gtol=1e-9)
    return model, found


def plain(model, found):
    """Thresholds as they stand in the model, not as increments."""
    return model.transform_threshold_params(found.params)[1:-1]


x = numpy.column_stack([generator.integers(0, 8, ROWS), generator.integers(0, 2, ROWS), generator.normal(size=ROWS).round(3)]).astype(float)
cluster = numpy.repeat(numpy.arange(CLUSTERS), ROWS // CLUSTERS)
shift = generator.normal(size=CLUSTERS)[cluster]
latent = 0.45 * x[:, 0] - 0.8 * x[:, 1] + 0.3 * x[:, 2] + shift + generator.logistic(size=ROWS)
places = numpy.digitize(latent, [0, 1, 1.8, 3, 4.2])
y = numpy.array([RUNGS[place] for place in places])
model, found = fit(places, x)


def score_test(tested):
    """Clusters' efficient scores of one more predictor at 0, by complex steps and numerical second derivatives."""
    _, without = fit(places, numpy.delete(x, tested, axis=1))
    count = len(RUNGS) - 1
    thresholds = plain(OrderedModel(places, numpy.delete(x, tested, axis=1), distr="logit"), without)
    others = [column for column in range(x.shape[1]) if column != tested]
    at = numpy.concatenate([thresholds, without.params[: len(others)], [0.0]])
    ordered = x[:, others + [tested]]

    def each(parameters):
        edges = numpy.concatenate([[-40.0 + 0j], parameters[:count], [40.0 + 0j]]) if numpy.iscomplexobj(parameters) else numpy.concatenate([[-40.0], parameters[:count], [40.0]])
        eta = ordered @ parameters[count:]
        logistic = lambda value: 1 / (1 + numpy.exp(-value))
        return numpy.log(logistic(edges[places + 1] - eta) - logistic(edges[places] - eta))

    scores = approx_fprime_cs(at, each)
    information = -approx_hess(at, lambda parameters: each(parameters).sum())
    inner = information[:-1, :-1]
    efficient = scores[:, -1] - scores[:, :-1] @ numpy.linalg.solve(inner, information[:-1, -1])
    return [float(efficient[cluster == one].sum()) for one in range(CLUSTERS)]


json.dump(
    {
        "versions": {"python": sys.version.split()[0], **{name: importlib.metadata.version(name) for name in ("statsmodels", "numpy", "scipy")}},
        "x": x.tolist(),
        "y": y.tolist(),
        "cluster": cluster.tolist(),
        "coefficients": [float(value) for value in found.params[:3]],
        "thresholds": [float(value) for value in plain(model, found)],
        "standardErrors": [float(value) for value in found.bse[:3]],
        "logLikelihood": float(found.llf),
        "scores": [score_test(tested) for tested in range(3)],
    },
    sys.stdout,
)
