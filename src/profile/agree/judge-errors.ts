import { codePatterns } from "../../kernel/code-patterns.ts";
import type { DimensionAgreement } from "../../model/agreement-report.ts";
import { DashpotError } from "../../model/error.ts";
import type { CodingTable } from "./coding-table.ts";
import { coefficientOf, type Draws, type Excuses } from "./coefficient.ts";

export interface ErrorOptions {
  /** The coder whose codes count as right; null for none. */
  readonly gold: string | null;
  /** Family by coder; one that is not named is a family of its own. */
  readonly families: ReadonlyMap<string, string>;
}

const ERRORS: Excuses = {
  atOne: (n) => `wrong on the same of ${n} units`,
  undefined: "not defined: one of the two is right, or wrong, on every unit",
};

type Errors = NonNullable<DimensionAgreement["errors"]>;
type Correlation = Errors["correlations"][number];

/**
 * How the judges' errors go together, against the gold coder (K5): judges that err on the same units confirm each other
 * without being right. Error: `gold-unknown`.
 */
export function errorsAgainst(
  { coders }: CodingTable,
  codes: readonly (readonly (number | null)[])[],
  { gold, families, stream, draws }: ErrorOptions & Draws,
): Errors {
  const right = coders.indexOf(gold ?? "");
  if (right < 0) {
    throw new DashpotError(
      "gold-unknown",
      `expected a coder of the file for --gold, received ${JSON.stringify(gold)}`,
      `name one of ${coders.slice(0, 20).join(", ")}`,
    );
  }
  const judges = coders.flatMap((coder, place) =>
    place === right ? [] : [{ coder, place, family: families.get(coder) ?? coder }],
  );
  const wrong = (place: number) =>
    codes.map((unit) => {
      const [code, truth] = [unit[place] ?? null, unit[right] ?? null];
      return code === null || truth === null ? null : Number(code !== truth);
    });
  const errors = judges.map(({ place }) => wrong(place));
  const correlations = judges.flatMap((first, one) =>
    judges.slice(one + 1).map((second, rest): Correlation => {
      const other = one + 1 + rest;
      const both = codePatterns(
        codes.map((_, unit) => [errors[one]?.[unit] ?? null, errors[other]?.[unit] ?? null]),
        2,
      );
      const statistic = (weights: Float64Array) => phi(both.patterns, weights);
      return {
        coders: [first.coder, second.coder],
        sameFamily: first.family === second.family,
        correlation: coefficientOf(both, statistic, stream("errors", first.coder, second.coder), draws, ERRORS),
      };
    }),
  );
  return {
    gold: coders[right] as string,
    judges: judges.map(({ coder, family }, index) => {
      const known = (errors[index] ?? []).filter((one) => one !== null);
      return { coder, family, errors: known.filter((one) => one === 1).length, n: known.length };
    }),
    correlations,
    effectiveJudges: effectiveJudges(judges, correlations),
  };
}

/** Correlation of two yes-or-no codes; NaN where one of them does not vary. */
function phi(patterns: readonly Int32Array[], weights: Float64Array): { value: number; n: number } {
  const counts = [0, 0, 0, 0] as [number, number, number, number];
  for (const [index, [one = -1, other = -1]] of patterns.entries()) {
    if (one >= 0 && other >= 0) counts[(2 * one + other) as 0 | 1 | 2 | 3] += weights[index] as number;
  }
  const [neither, second, first, both] = counts;
  const n = neither + second + first + both;
  const spread = (first + both) * (neither + second) * (second + both) * (neither + first);
  return { value: spread === 0 ? Number.NaN : (both * neither - first * second) / Math.sqrt(spread), n };
}

function effectiveJudges(
  judges: readonly { readonly family: string }[],
  correlations: readonly Correlation[],
): Errors["effectiveJudges"] {
  const families = new Set(judges.map(({ family }) => family)).size;
  const of = { judges: judges.length, families };
  if (families < 2)
    return { value: families, ...of, remark: families === 0 ? "no judge" : "all of one family, which counts as one" };
  const between = correlations.flatMap(({ sameFamily, correlation }) =>
    sameFamily || correlation.value === null ? [] : [correlation.value],
  );
  if (between.length === 0)
    return { value: null, ...of, remark: "no two families whose errors vary on the same units" };
  // Errors that go against each other are no reason to count more judges than there are.
  const mean = Math.max(0, between.reduce((sum, one) => sum + one, 0) / between.length);
  const remark = `families over 1 + (families − 1)·${mean.toFixed(2)}, the mean correlation between families`;
  return { value: families / (1 + (families - 1) * mean), ...of, remark };
}
