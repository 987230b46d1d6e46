"""A cumulative-logit fit by statsmodels. Input and output are JSON."""

import json
import sys
import time

import numpy
from statsmodels.miscmodels.ordinal_model import OrderedModel

task = json.load(sys.stdin)
x, y = numpy.array(task["x"]), numpy.array(task["y"])
began = time.perf_counter()
model = OrderedModel(y, x, distr="logit")
found = model.fit(method="bfgs", disp=False, maxiter=1000)
seconds = time.perf_counter() - began
json.dump({"logLikelihood": float(found.llf), "coefficients": found.params[: x.shape[1]].tolist(), "seconds": seconds}, sys.stdout)
