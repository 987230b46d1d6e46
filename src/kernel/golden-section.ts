const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** A minimum cannot be told apart more finely than the root of the rounding error, some 1e-8. */
const CLOSE_ENOUGH = 1e-10;

/**
 * Where a function of one valley is least between two places, and how many steps that took; of several valleys one of them.
 * Reference: Kiefer 1953, Proceedings of the American Mathematical Society 4, 502–506.
 */
export function goldenSection(f: (x: number) => number, low: number, high: number) {
  let [a, b] = [low, high];
  let [left, right] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
  let [atLeft, atRight] = [f(left), f(right)];
  let iterations = 0;
  for (; b - a > CLOSE_ENOUGH; iterations += 1) {
    if (atLeft <= atRight) {
      [b, right, atRight] = [right, left, atLeft];
      left = b - GOLDEN * (b - a);
      atLeft = f(left);
    } else {
      [a, left, atLeft] = [left, right, atRight];
      right = a + GOLDEN * (b - a);
      atRight = f(right);
    }
  }
  return atLeft <= atRight ? { place: left, loss: atLeft, iterations } : { place: right, loss: atRight, iterations };
}
