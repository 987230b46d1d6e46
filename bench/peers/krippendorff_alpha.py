"""α of codes and its percentile interval over units, by Python's krippendorff in a loop. Input and output are JSON."""

import json
import sys
import time

import krippendorff
import numpy

task = json.load(sys.stdin)
codes = numpy.array([[numpy.nan if code is None else code for code in row] for row in task["codes"]], dtype=float).T
level, domain, draws = task["metric"], task["values"], task["draws"]
generator = numpy.random.default_rng(1)
alpha = lambda some: float(krippendorff.alpha(some, level_of_measurement=level, value_domain=domain))

began = time.perf_counter()
found = [alpha(codes[:, generator.integers(0, codes.shape[1], codes.shape[1])]) for _ in range(draws)]
seconds = time.perf_counter() - began
json.dump({"alpha": alpha(codes), "interval": list(numpy.percentile(found, [2.5, 97.5])), "seconds": seconds}, sys.stdout)
