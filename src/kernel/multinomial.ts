import type { RandomStream } from "./random.ts";

/**
 * How many of n independent trials succeed, each with probability p. Exact in distribution.
 *
 * p below 0 counts as 0 and above 1 as 1. Throws RangeError unless n is a whole number of at least 0 and p is a number.
 * Cost: one uniform and some n·p steps where n·min(p, 1 − p) is below 10, else 1.2 pairs of uniforms on average.
 * Reference: Kachitvichyanukul & Schmeiser 1988, Communications of the ACM 31, 216–222 (inversion); Hörmann 1993, Journal
 * of Statistical Computation and Simulation 46, 101–110 (transformed rejection with squeeze, BTRS).
 */
export function binomialDraw(stream: RandomStream, n: number, p: number): number {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`expected a whole number of trials, received ${n}`);
  if (Number.isNaN(p)) throw new RangeError("expected a probability, received NaN");
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomialDraw(stream, n, 1 - p);
  return n * p < 10 ? byInversion(stream, n, p) : byRejection(stream, n, p);
}

/** The counts of n draws among categories of given weights, into `counts`. Throws RangeError where no weight is above 0. */
export function multinomialDraw(stream: RandomStream, n: number, weights: Float64Array, counts: Float64Array): void {
  let weight = weights.reduce((total, one) => total + one, 0);
  if (!(weight > 0)) throw new RangeError("expected a weight above 0, received none");
  let left = n;
  for (let category = 0; category < weights.length; category += 1) {
    const own = weights[category] as number;
    // The last category with a weight takes what is left, whatever rounding did to the rest.
    const drawn = left === 0 ? 0 : own >= weight ? left : binomialDraw(stream, left, own / weight);
    counts[category] = drawn;
    left -= drawn;
    weight -= own;
  }
  if (left > 0) throw new RangeError(`expected weights that add up, received ${left} draws too many`);
}

function byInversion(stream: RandomStream, n: number, p: number): number {
  const odds = p / (1 - p);
  const start = (1 - p) ** n;
  for (;;) {
    let rest = stream.uniform();
    let probability = start;
    for (let successes = 0; successes <= n; successes += 1) {
      if (rest < probability) return successes;
      rest -= probability;
      probability *= (odds * (n - successes)) / (successes + 1);
    }
  }
}

function byRejection(stream: RandomStream, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const scale = (2.83 + 5.1 / b) * spread;
  const odds = p / (1 - p);
  const mode = Math.floor((n + 1) * p);
  const atMode = logTail(mode) + logTail(n - mode) + (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1)));
  for (;;) {
    const u = stream.uniform() - 0.5;
    const v = stream.uniform();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + centre);
    if (edge >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > n) continue;
    const bound =
      atMode +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) -
      logTail(k) -
      logTail(n - k);
    if (Math.log((v * scale) / (a / (edge * edge) + b)) <= bound) return k;
  }
}

/** log k! less Stirling's approximation of it at k + 1. */
function logTail(k: number): number {
  const known = TAILS[k];
  if (known !== undefined) return known;
  const square = (k + 1) ** 2;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

const TAILS = Array.from({ length: 10 }, (_, k) => {
  let logFactorial = 0;
  for (let one = 2; one <= k; one += 1) logFactorial += Math.log(one);
  return logFactorial - (0.5 * Math.log(2 * Math.PI) + (k + 0.5) * Math.log(k + 1) - (k + 1));
});
