import { sum } from "./summary.ts";
import { wildScoreTest } from "./wild-cluster.ts";

/** p-values of three claims about a sequence of means; each is at most as often below α as α where its claim is false. */
export interface MonotoneTest {
  /** That every step rises, against: some step does not. */
  readonly rises: number;
  /** That every step falls. */
  readonly falls: number;
  /** That it rises somewhere and falls somewhere, against: it does not fall anywhere, or does not rise anywhere. */
  readonly turns: number;
}

/**
 * Does a sequence of means rise at every step, fall at every step, or turn? Each cluster gives one value a place.
 *
 * Each step is tested one-sidedly by the wild cluster bootstrap of its differences, half of the two-sided p where the sum
 * has the sign. "At every step" is claimed where all steps are told (intersection–union: the greatest p, no adjustment
 * needed); "turns" where some step is told to rise and some to fall, each after Bonferroni over the steps.
 *
 * `values`: a row of as many places a cluster; `weights`: those of `wildWeights` for as many clusters. Throws RangeError
 * for fewer than two places or clusters, rows of unlike length and values that are not finite.
 * Reference: Berger 1982, Technometrics 24, 295–300; Webb 2023, doi:10.1111/caje.12661.
 */
export function monotoneTest(values: readonly (readonly number[])[], weights: Float64Array): MonotoneTest {
  const places = values[0]?.length ?? 0;
  if (values.length < 2 || places < 2 || values.some((row) => row.length !== places))
    throw new RangeError("expected at least 2 clusters of at least 2 places each, received others");
  const steps = Array.from({ length: places - 1 }, (_, at) =>
    stepTest(
      Float64Array.from(values, (row) => (row[at + 1] as number) - (row[at] as number)),
      weights,
    ),
  );
  const up = steps.map(({ rises }) => rises);
  const down = steps.map(({ falls }) => falls);
  const somewhere = Math.max(Math.min(...up), Math.min(...down)) * steps.length;
  return { rises: Math.max(...up), falls: Math.max(...down), turns: Math.min(1, somewhere) };
}

/** One-sided p-values of one step; both 1 where nothing differs. */
function stepTest(
  differences: Float64Array,
  weights: Float64Array,
): { readonly rises: number; readonly falls: number } {
  const both = wildScoreTest(differences, weights);
  const total = sum([...differences]);
  if (total === 0) return { rises: 1, falls: 1 };
  const [towards, against] = [both / 2, 1 - both / 2];
  return total > 0 ? { rises: towards, falls: against } : { rises: against, falls: towards };
}
