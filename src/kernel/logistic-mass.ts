/** 1 / (1 + e^−x), without overflow; NaN gives NaN. */
export function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** ln(1 + e^x), without overflow; NaN gives NaN. */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** ln(σ(upper) − σ(lower)): the logistic mass between two points, lower < upper, either infinite, without cancellation. */
export function logMass(lower: number, upper: number): number {
  return -softplus(-upper) - softplus(lower) + Math.log1p(-Math.exp(lower - upper));
}

/**
 * Derivatives of `logMass`, put into `out`: [0] by upper, [1] by lower, and what bends it: −∂²/∂upper² = [2] + [4],
 * −∂²/∂lower² = [3] + [4], ∂²/∂upper∂lower = [4].
 */
export function slopesOfMass(lower: number, upper: number, out: Float64Array): void {
  const aboveUpper = logistic(-upper);
  const belowLower = logistic(lower);
  // The two ends push each other apart by their distance alone; with an infinite end not at all.
  const push = 1 / Math.expm1(upper - lower);
  out[0] = aboveUpper + push;
  out[1] = -(belowLower + push);
  out[2] = aboveUpper * (1 - aboveUpper);
  out[3] = belowLower * (1 - belowLower);
  out[4] = push * (1 + push);
}
