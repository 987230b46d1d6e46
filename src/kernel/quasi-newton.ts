/** A function of several numbers that puts its derivatives into `gradient`. */
export type SmoothFunction = (at: Float64Array, gradient: Float64Array) => number;

const MOST_STEPS = 60;
/** In nats. */
const CLOSE_ENOUGH = 5e-3;

/**
 * A maximum near a start, by Broyden, Fletcher, Goldfarb and Shanno's quasi-Newton method with interpolated steps.
 * Ends when two steps in a row gain next to nothing. Reference: Nocedal & Wright 2006, Numerical Optimization, ch. 6.
 */
export function climb(objective: SmoothFunction, start: Float64Array): { at: Float64Array; value: number } {
  const gradient = new Float64Array(start.length);
  let here: Place = { at: start, value: objective(start, gradient), gradient };
  let inverse: Float64Array | null = null;
  for (let step = 0, idle = 0; step < MOST_STEPS && idle < 2; step += 1) {
    const direction = inverse ? times(inverse, here.gradient) : here.gradient;
    const next = ascend(objective, here, direction, inverse ? 1.5 : 0.3);
    if (next === null && inverse === null) break;
    if (next === null) {
      inverse = null;
      continue;
    }
    idle = next.value - here.value < CLOSE_ENOUGH ? idle + 1 : 0;
    inverse = updated(inverse, here, next);
    here = next;
  }
  return here;
}

interface Place {
  readonly at: Float64Array;
  readonly gradient: Float64Array;
  readonly value: number;
}

/** The first place along a direction that is enough higher; null where there is none. `longest` is what any number may move by. */
function ascend(objective: SmoothFunction, from: Place, direction: Float64Array, longest: number): Place | null {
  const slope = dot(direction, from.gradient);
  if (!(slope > 0)) return null;
  let share = Math.min(1, longest / Math.max(...direction.map(Math.abs)));
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const at = from.at.map((one, place) => one + share * (direction[place] as number));
    const gradient = new Float64Array(at.length);
    const value = objective(at, gradient);
    if (value >= from.value + 1e-4 * share * slope) return { at, gradient, value };
    const parabola = (share * slope) / (2 * (share * slope - (value - from.value)));
    share *= Math.max(0.1, Math.min(0.5, parabola));
  }
  return null;
}

/** The inverse of minus the second derivatives, after a step; unchanged where the step did not bend downwards. */
function updated(inverse: Float64Array | null, from: Place, to: Place): Float64Array | null {
  const size = from.at.length;
  const step = to.at.map((one, place) => one - (from.at[place] as number));
  const bend = to.gradient.map((one, place) => (from.gradient[place] as number) - one);
  const along = dot(step, bend);
  if (!(along > 1e-10)) return inverse;
  const before = inverse ?? diagonal(size, along / dot(bend, bend));
  const turned = times(before, bend);
  const own = (1 + dot(bend, turned) / along) / along;
  return before.map((one, place) => {
    const [row, column] = [Math.floor(place / size), place % size];
    const [a, b] = [step[row] as number, step[column] as number];
    return one + own * a * b - ((turned[row] as number) * b + a * (turned[column] as number)) / along;
  });
}

function diagonal(size: number, value: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, place) => (place % (size + 1) === 0 ? value : 0));
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, row) => dot(matrix.subarray(row * size, (row + 1) * size), vector));
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let place = 0; place < a.length; place += 1) total += (a[place] as number) * (b[place] as number);
  return total;
}
