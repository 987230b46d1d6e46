import type { RandomStream } from "../kernel/random.ts";
import { signFlip } from "../kernel/sign-flip.ts";
import { DashpotError } from "../model/error.ts";
import type { Estimate, Profile } from "../model/profile.ts";
import { adjusted } from "./adjust-family.ts";
import { lossRemark, placeRemark } from "./compare.ts";
import { estimateMean } from "./estimate-cells.ts";
import { BIASES, CELLS, type Place, valueAt } from "./paired-cells.ts";

export interface TrendCell extends Place {
  /** Change a version, mean over situations of the least-squares slope on version number. */
  readonly slope: Estimate;
  readonly p: number | null;
  readonly adjustedP: number | null;
}

export interface Trend {
  readonly schema: "dashpot/trend@1";
  readonly models: readonly string[];
  readonly format: Profile["format"];
  readonly cells: readonly TrendCell[];
  readonly biases: readonly TrendCell[];
  /** Which versions answer by the place of a letter; empty where none does. */
  readonly remark: string;
}

/**
 * One model over versions, in the order given: each situation's slope, sign-flips by situation, Holm over thirty cells
 * and over six biases (E9).
 */
export function estimateTrend(profiles: readonly Profile[], stream: RandomStream): Trend {
  const first = profiles[0];
  if (!first || profiles.length < 3) {
    throw new DashpotError(
      "trend-too-few",
      `expected three versions or more, received ${profiles.length}`,
      "name the runs in the order of the versions; two are for compare",
    );
  }
  const odd = profiles.find((one) => one.format !== first.format || one.bank.hash !== first.bank.hash);
  if (odd)
    throw new DashpotError(
      "trend-unlike",
      "expected one format and one bank over all versions, received others",
      "profile every version on the same bank and --format",
    );
  if (profiles.some(({ people }) => people !== undefined))
    throw new DashpotError(
      "trend-people",
      "expected versions of a model, received a profile of people",
      "compare people by dashpot compare, which heeds that one person stands behind many answers",
    );
  const family = (places: readonly Place[]) => adjusted(places.map((place) => trendAt(profiles, place, stream)));
  return {
    schema: "dashpot/trend@1",
    models: profiles.map(({ model }) => model.spec),
    format: first.format,
    cells: family(CELLS),
    biases: first.format === "score" ? family(BIASES) : [],
    remark: [placeRemark(profiles), lossRemark(profiles)].filter(Boolean).join(" "),
  };
}

function trendAt(profiles: readonly Profile[], place: Place, stream: RandomStream): Omit<TrendCell, "adjustedP"> {
  const versions = profiles.map(({ situations }) => new Map(situations.map((one) => [one.id, one])));
  const slopes = [...(versions[0]?.values() ?? [])].map(({ id, domain }) => {
    const values = versions.map((known) => {
      const one = known.get(id);
      return one ? valueAt(one, place) : null;
    });
    return { stratum: domain, value: values.some((value) => value === null) ? null : slopeOf(values as number[]) };
  });
  const known = slopes.flatMap(({ value }) => (value === null ? [] : [value]));
  return { ...place, slope: estimateMean(slopes), p: known.length === 0 ? null : signFlip(known, { stream }).p };
}

/** Least-squares slope on 0, 1, 2 … */
function slopeOf(values: readonly number[]): number {
  const centre = (values.length - 1) / 2;
  const spread = values.reduce((sum, _, index) => sum + (index - centre) ** 2, 0);
  return values.reduce((sum, value, index) => sum + (index - centre) * value, 0) / spread;
}
