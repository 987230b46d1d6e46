"""Reference values for src/kernel, from programs that share no code with it.

    python3 -m venv VENV && VENV/bin/pip install scipy statsmodels scikit-learn mpmath randomgen rfc8785
    VENV/bin/python test/peers/kernel_reference.py > test/peers/kernel-reference.json
    npx biome format --write test/peers/kernel-reference.json

The tests beside src/kernel read the JSON; Python is needed only to make it anew. Every input comes from `generator`, so
that the same versions give the same file.
"""

import hashlib
import importlib.metadata
import json
import math
import statistics
import sys
from fractions import Fraction
from itertools import product

import mpmath
import numpy
import rfc8785
from randomgen import Philox
from scipy import optimize, special, stats
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import cohen_kappa_score, log_loss, mutual_info_score
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

generator = numpy.random.default_rng(20)
mpmath.mp.dps = 40


def floats(values):
    return [float(value) for value in values]


# Random streams ------------------------------------------------------------------------------------------------------


def philox_words(counter, key, count):
    """Words of 32 bits from counter on. randomgen counts up before its first block, so it is started one below."""
    as_int = lambda words: sum(word << (32 * place) for place, word in enumerate(words))
    start = (as_int(counter) - 1) % 2**128
    generator32 = Philox(counter=start, key=as_int(key), number=4, width=32)
    return [int(word) & 0xFFFFFFFF for word in generator32.random_raw(count)]


class Stream:
    """randomStream of src/kernel/random.ts from its description: SHA-256, then Philox4x32-10 of randomgen."""

    def __init__(self, seed, *names):
        kinds = "".join(
            f"{'s' if isinstance(name, str) else 'n'}{len(str(name).encode('utf-16-le')) // 2}:{name}"
            for name in (seed, *names)
        )
        digest = hashlib.sha256(kinds.encode("utf-16-le")).digest()
        key0, key1, high0, high1 = (int.from_bytes(digest[at : at + 4], "little") for at in (0, 4, 8, 12))
        self.words = iter(philox_words((0, 0, high0, high1), (key0, key1), 4000))

    def bits53(self):
        return ((next(self.words) >> 5) << 26) | (next(self.words) >> 6)

    def uniform(self):
        return self.bits53() / 2**53

    def normal(self):
        return float(special.ndtri(((self.bits53() >> 1) + 0.5) / 2**52))

    def integer(self, bound):
        small = bound <= 2**32
        limit = (2**32 if small else 2**53) // bound * bound
        while True:
            drawn = next(self.words) if small else self.bits53()
            if drawn < limit:
                return drawn % bound

    def shuffle(self, items):
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            chosen = self.integer(last + 1)
            order[last], order[chosen] = order[chosen], order[last]
        return order


def random_streams():
    blocks = [
        ((0, 0, 0, 0), (0, 0)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2),
        ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0)),
        ((1, 2, 3, 4), (5, 6)),
    ]
    names = [[0], [1, "a"], [1, "ab", "c"], [1, "a", "bc"], [1, "1"], [1, 1], [-3, "Übung 😀", 7], [2**53 - 1, ""]]

    def draws(name):
        mixed = Stream(*name)
        return {
            "seed": name[0],
            "names": name[1:],
            "uniform": [Stream.uniform(stream) for stream in [Stream(*name)] for _ in range(9)],
            "normal": [stream.normal() for stream in [Stream(*name)] for _ in range(9)],
            "integer": [stream.integer(bound) for stream in [Stream(*name)] for bound in (1, 2, 6, 6, 1000, 3 * 2**30, 2**32, 2**32 + 1, 2**52 + 1)],
            "shuffle": Stream(*name).shuffle(range(12)),
            "mixed": [mixed.uniform(), mixed.integer(10), mixed.normal(), mixed.integer(7), mixed.uniform()],
        }

    return {
        "philox": [{"counter": c, "key": k, "words": philox_words(c, k, 4)} for c, k in blocks],
        "streams": [draws(name) for name in names],
    }


# Distributions -------------------------------------------------------------------------------------------------------


def noncentral_t_cdf(t, df, noncentrality):
    """By integration over the chi density at forty digits: SciPy's own is good to some twelve."""
    t, df, noncentrality = mpmath.mpf(t), mpmath.mpf(df), mpmath.mpf(noncentrality)
    log_constant = mpmath.log(2) + df / 2 * mpmath.log(df / 2) - mpmath.loggamma(df / 2)

    def integrand(u):
        return mpmath.exp(log_constant + df * (u - mpmath.exp(2 * u) / 2)) * mpmath.ncdf(t * mpmath.exp(u) - noncentrality)

    spread = 1 / mpmath.sqrt(2 * df)
    low = -min(100 / df + 1, 16 * spread + 100 / df)
    points = [low + (0 - low) * place / 12 for place in range(13)] + [spread * place for place in (2, 4, 6, 8, 12, 16, 24)]
    return float(mpmath.quad(integrand, points))


def distributions():
    return {
        "normal": [{"p": p, "x": float(special.ndtri(p))} for p in (1e-300, 1e-20, 1e-10, 0.001, 0.025, 0.3, 0.5, 0.7, 0.975, 0.9995)],
        "normalCdf": [{"x": x, "p": float(special.ndtr(x))} for x in (-37, -8, -1.96, -0.1, 0, 0.5, 3, 9)],
        "t": [
            {"p": p, "df": df, "t": float(stats.t.ppf(p, df))}
            for p in (1e-12, 0.0005, 0.025, 0.3, 0.9)
            for df in (0.3, 1, 2, 2.5, 11, 84, 1e6)
        ],
        "tCdf": [
            {"t": t, "df": df, "p": float(stats.t.cdf(t, df))} for t in (-50, -2.2, -0.3, 0, 1.7, 6) for df in (0.3, 1, 2.5, 11, 1e6)
        ],
        "noncentralT": [
            {"t": t, "df": df, "noncentrality": d, "p": noncentral_t_cdf(t, df, d)}
            for t, df, d in [
                (12.7, 1, 5), (2, 10, 2), (-3, 4, -2), (0, 3, 1), (3, 0.5, 1), (2.2, 11, 3), (-2.2, 11, 3), (1.98, 95, 2.8), (2.5, 7, -1)
            ]
        ],
    }


# Summaries, strata, intervals ------------------------------------------------------------------------------------------


def summaries():
    lists = [
        [3.5],
        [1, 2],
        [1e9 + place / 7 for place in range(20)],
        [1, 1e100, 1, -1e100],
        [5, 5, 5, 5],
        floats(generator.normal(size=31)),
        floats(numpy.round(generator.exponential(size=24), 1)),
    ]
    return [
        {
            "values": values,
            "mean": float(sum(map(Fraction, values)) / len(values)),
            "variance": float(statistics.variance(map(Fraction, values))) if len(values) > 1 else None,
            "median": float(numpy.median(values)),
            "quantiles": [{"p": p, "x": float(numpy.quantile(values, p))} for p in (0, 0.025, 0.3, 0.5, 0.77, 1)],
        }
        for values in lists
    ]


def stratified(strata):
    """Design-based mean of equally weighted strata; exact in fractions until the square root."""
    used = [[Fraction(value) for value in stratum if value is not None] for stratum in strata]
    used = [stratum for stratum in used if stratum]
    h = len(used)
    means = [sum(stratum) / len(stratum) for stratum in used]
    if all(len(stratum) > 1 for stratum in used):
        parts = [statistics.variance(stratum) / len(stratum) for stratum in used]
        sizes = [len(stratum) - 1 for stratum in used]
        welch = sum(parts) ** 2 / sum(part**2 / (size + 2) for part, size in zip(parts, sizes)) - 2
        df = min(sum(sizes), max(min(sizes), welch))
        variance, kind = sum(parts) / h**2, "within domains"
    else:
        variance, df, kind = statistics.variance(means) / h, h - 1, "between domains"
    return {
        "mean": float(sum(means) / h),
        "standardError": math.sqrt(variance),
        "degreesOfFreedom": float(df),
        "n": sum(map(len, used)),
        "missing": sum(value is None for stratum in strata for value in stratum),
        "strata": h,
        "variance": kind,
    }


def korn_graubard(strata, level):
    estimate = stratified(strata)
    p, se, n = (estimate[name] for name in ("mean", "standardError", "n"))
    sizes = [len([value for value in stratum if value is not None]) for stratum in strata]
    filled = [size for size in sizes if size > 0]
    # Of the design: units less strata, or strata less one where one of them has a single unit.
    df = n - len(filled) if min(filled) > 1 else len(filled) - 1
    raw = p * (1 - p) / se**2
    ratio = stats.t.ppf((1 + level) / 2, max(n, raw) - 1) / stats.t.ppf((1 + level) / 2, df)
    design = raw * ratio**2
    # Beyond the number of units it is believed the less the more skewed they are.
    flat = numpy.array([value for stratum in strata for value in stratum if value is not None])
    skew = abs(numpy.mean((flat - p) ** 3)) / numpy.mean((flat - p) ** 2) ** 1.5
    doubted = n * math.exp(math.log(design / n) / (1 + 1.2 * skew / math.sqrt(n)))
    effective = max(1, design if design <= n else doubted)
    low, high = proportion_confint(p * effective, effective, 1 - level, "beta")
    return {"level": level, "value": p, "low": float(low), "high": float(high), "effectiveN": effective}


def strata_cases():
    designs = [
        [floats(generator.normal(size=8)) for _ in range(12)],
        [floats(generator.normal(0.5 * place, 1 + place, size=2 + place)) for place in range(5)],
        [floats(generator.normal(size=1)) for _ in range(12)],
        [floats(generator.normal(size=6)), [None, 0.25, None], floats(generator.normal(size=3)), [None]],
        [floats(generator.normal(size=7))],
        [floats(generator.normal(size=4)), floats(generator.normal(3, 4, size=9))],
    ]
    shares = [
        [floats(generator.uniform(size=8) < 0.2) for _ in range(12)],
        [floats(generator.uniform(size=1) < 0.4) for _ in range(12)],
        [floats(generator.beta(0.5, 3, size=8)) for _ in range(12)],
        [[0, 0, 0, 1, None], [0, 0, 0], [0, 0]],
    ]
    return {
        "means": [{"strata": design, "expected": stratified(design)} for design in designs],
        "proportions": [{"strata": share, "expected": [korn_graubard(share, level) for level in (0.9, 0.95)]} for share in shares],
    }


def intervals():
    counts = [(0, 1), (0, 48), (48, 48), (1, 12), (5, 12), (7, 100), (3.3, 17.25), (0.4, 9.5), (950, 1000)]
    sample = floats(generator.normal(0.4, 1, size=9))
    described = DescrStatsW(sample)
    return {
        "proportions": [
            {
                "successes": x,
                "n": n,
                "level": level,
                "wilson": floats(proportion_confint(x, n, 1 - level, "wilson")),
                "clopperPearson": floats(proportion_confint(x, n, 1 - level, "beta")),
            }
            for x, n in counts
            for level in (0.9, 0.95, 0.99)
        ],
        "t": {
            "values": sample,
            "intervals": [{"level": level, "interval": floats(described.tconfint_mean(1 - level))} for level in (0.8, 0.95, 0.999)],
        },
        "tost": [
            {"values": sample, "margin": margin, "p": float(described.ttost_mean(-margin, margin)[0])} for margin in (0.1, 0.5, 1, 2.5)
        ],
    }


# Tests -----------------------------------------------------------------------------------------------------------------


def tests():
    samples = [
        [0.4, -0.1, 0.7],
        [0.1, 0.2, -0.3],
        [0, 0, 1, 2, -1],
        [2.5],
        floats(numpy.round(generator.normal(0.3, 1, size=10), 1)),
        floats(generator.normal(0.6, 1, size=14)),
    ]

    def flipped(values):
        exact = [Fraction(repr(value)) for value in values]
        observed = abs(sum(exact))
        signs = product((1, -1), repeat=len(exact))
        return sum(abs(sum(s * v for s, v in zip(sign, exact))) >= observed for sign in signs) / 2 ** len(exact)

    scipy_p = stats.permutation_test((samples[5],), numpy.sum, permutation_type="samples", n_resamples=numpy.inf).pvalue
    families = [[0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.01], [0, 1, 1], floats(generator.uniform(size=30) ** 3)]
    return {
        "signFlip": [{"differences": values, "p": flipped(values)} for values in samples],
        "signFlipScipy": {"differences": samples[5], "p": float(scipy_p)},
        "holm": [{"p": family, "adjusted": floats(multipletests(family, method="holm")[1])} for family in families],
    }


# Information, agreement, calibration -----------------------------------------------------------------------------------


def information():
    pairs = [
        ([1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0]),
        ([1, 0], [0, 1]),
        ([3, 1, 2], [2, 2, 2]),
        (floats(generator.dirichlet([0.3] * 6)), floats(generator.dirichlet([2] * 6))),
    ]
    tables = [[[10, 0], [0, 10]], [[1, 2], [2, 4]], [[3, 1, 0], [0, 0, 0], [2, 5, 7]], generator.integers(0, 30, size=(6, 6)).tolist()]
    return {
        "pairs": [
            {"p": p, "q": q, "entropy": float(stats.entropy(p)), "jensenShannon": float(jensenshannon(p, q) ** 2)} for p, q in pairs
        ],
        "mutualInformation": [{"table": t, "value": float(mutual_info_score(None, None, contingency=numpy.array(t)))} for t in tables],
    }


def agreement():
    labels = ["CS", "AR", "EM", "MP", "asocial", "null"]
    a = [labels[place] for place in generator.integers(0, 6, size=120)]
    b = [label if generator.uniform() < 0.75 else labels[generator.integers(0, 6)] for label in a]
    gaps = [None if generator.uniform() < 0.1 else label for label in b]
    both = [(left, right) for left, right in zip(a, gaps) if right is not None]
    rest = lambda label: cohen_kappa_score([x == label for x, _ in both], [y == label for _, y in both])
    x = floats(numpy.round(generator.normal(size=40), 1))
    y = floats(numpy.round(numpy.array(x) * 0.6 + generator.normal(size=40), 1))
    return {
        "a": a,
        "b": gaps,
        "kappa": float(cohen_kappa_score(*zip(*both))),
        "n": len(both),
        "observed": sum(left == right for left, right in both) / len(both),
        "rest": [{"label": label, "kappa": float(rest(label))} for label in labels],
        "x": x,
        "y": y,
        "pearson": float(stats.pearsonr(x, y).statistic),
        "spearman": float(stats.spearmanr(x, y).statistic),
    }


def calibration():
    logits = generator.normal(0, 4, size=(60, 6))
    labels = [int(generator.choice(6, p=special.softmax(row / 3))) for row in logits]

    def loss(temperature):
        return float(log_loss(labels, special.softmax(logits / temperature, axis=1), labels=range(6)))

    def slope(inverse):
        shares = special.softmax(logits * inverse, axis=1)
        return float(numpy.mean((shares * logits).sum(axis=1) - logits[range(60), labels]))

    best = 1 / optimize.brentq(slope, 1e-3, 1e3, xtol=1e-15, rtol=1e-14)
    return {
        "logits": logits.tolist(),
        "labels": labels,
        "losses": [{"temperature": t, "loss": loss(t)} for t in (0.5, 1, 3, 40)],
        "temperature": best,
        "loss": loss(best),
        "softmax": [{"values": v, "temperature": t, "shares": floats(special.softmax(numpy.array(v) / t))} for v, t in [([1, 2, 3], 1), ([-1000, 1000, 1001.5], 1), ([0.1, 0.1, -4], 0.2)]],
        "logSumExp": [{"values": v, "value": float(special.logsumexp(v))} for v in [[1, 2, 3], [-1000, -1001], [1000, 1000], [-745.2]]],
    }


def resampling():
    values = floats(generator.gamma(2, size=15))
    omit = lambda unit: [value for place, value in enumerate(values) if place != unit]
    ratio = lambda sample: math.log(statistics.fmean(sample))
    without = [ratio(omit(unit)) for unit in range(15)]
    return {
        "values": values,
        "value": ratio(values),
        "corrected": 15 * ratio(values) - 14 * statistics.fmean(without),
        "standardError": math.sqrt(14 / 15 * sum((one - statistics.fmean(without)) ** 2 for one in without)),
    }


def power():
    solver = TTestPower()
    cases = [(0.5, 12, 0.05), (0.2, 96, 0.05), (1.1, 5, 0.01), (0.0, 20, 0.05), (0.3, 400, 0.001), (2, 2, 0.05)]
    return {
        "power": [
            {"delta": d, "n": n, "alpha": alpha, "power": float(solver.power(d, n, alpha, alternative="two-sided"))} for d, n, alpha in cases
        ],
        "sampleSize": [
            {"delta": d, "power": p, "n": math.ceil(float(solver.solve_power(d, None, 0.05, p, "two-sided")))} for d in (0.1, 0.3, 0.8) for p in (0.8, 0.95)
        ],
        "detectable": [
            {"n": n, "delta": float(optimize.brentq(lambda d: solver.power(d, n, 0.05, alternative="two-sided") - 0.8, 0.01, 6 / n**0.5, xtol=1e-14))}
            for n in (3, 12, 96)
        ],
        "proportion": [
            {"limit": limit, "rate": rate, "n": next(n for n in range(1, 5000) if proportion_confint(rate * n, n, 0.05, "beta")[1] < limit)}
            for limit, rate in ((0.05, 0), (0.01, 0), (0.2, 0), (0.05, 0.02), (0.5, 0.4), (0.99, 0.9))
        ],
    }


def canonical_json():
    values = [
        {"b": 1, "a": [1e21, "é", None, True], "": {}},
        [0.1, 1e-7, 1.2345678901234568e20, 5e-324, -1.5, 100, 1e-6],
        {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7},
        "quote \" back \\ \b\f\n\r\t \u0000\u001f \u007f \u2028",
    ]
    texts = [rfc8785.dumps(value).decode() for value in values]
    return [{"json": json.dumps(value), "canonical": text, "sha256": hashlib.sha256(text.encode()).hexdigest()} for value, text in zip(values, texts)]


packages = ("scipy", "statsmodels", "scikit-learn", "numpy", "mpmath", "randomgen", "rfc8785")
reference = {
    "versions": {"python": sys.version.split()[0], **{name: importlib.metadata.version(name) for name in packages}},
    "random": random_streams(),
    "distributions": distributions(),
    "summaries": summaries(),
    "strata": strata_cases(),
    "intervals": intervals(),
    "tests": tests(),
    "information": information(),
    "agreement": agreement(),
    "calibration": calibration(),
    "resampling": resampling(),
    "power": power(),
    "canonicalJson": canonical_json(),
}
json.dump(reference, sys.stdout, indent=2, allow_nan=False, default=lambda value: value.item())
print()
