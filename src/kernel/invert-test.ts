/** Halvings of the bracket in which an end lies: to a thousandth of a per cent of it. */
const HALVINGS = 16;
/** Doublings of the first step before an end is called open. */
const DOUBLINGS = 12;

/**
 * Ends of the interval of values that a test does not reject, told from an estimate outwards; null where it goes on
 * beyond 2^12 steps.
 *
 * `kept`: whether a value is not rejected; true of the estimate. `step`: a first guess of the half width, above 0.
 * Where the values kept are not one piece, the piece about the estimate is told. Cost: at most 56 tests.
 */
export function invertTest(
  estimate: number,
  step: number,
  kept: (value: number) => boolean,
): readonly [low: number | null, high: number | null] {
  if (!(step > 0)) throw new RangeError(`expected a step above 0, received ${step}`);
  return [endOf(estimate, -step, kept), endOf(estimate, step, kept)];
}

function endOf(estimate: number, step: number, kept: (value: number) => boolean): number | null {
  let [inside, reach, doublings] = [estimate, step, 0];
  while (kept(estimate + reach)) {
    if (doublings === DOUBLINGS) return null;
    inside = estimate + reach;
    reach *= 2;
    doublings += 1;
  }
  let outside = estimate + reach;
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (inside + outside) / 2;
    if (kept(middle)) inside = middle;
    else outside = middle;
  }
  return (inside + outside) / 2;
}
