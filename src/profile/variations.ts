import { tInterval } from "../kernel/intervals.ts";
import { jackknife } from "../kernel/resampling.ts";
import { LABELS, ROWS } from "../model/label.ts";
import type { Estimate, Profile } from "../model/profile.ts";
import type { Format, Variation } from "../model/run.ts";
import type { ChoiceMeasurement, Measurements, ScoreMeasurement } from "./measurement.ts";
import { VARIANTS } from "./prompt.ts";
import type { SituationTable } from "./situation-table.ts";
import { tabulateChoice } from "./tabulate-choice.ts";
import { tabulateScore } from "./tabulate-score.ts";

type Varied = Profile["variations"][number];

/** How far the matrix moves under each variation that was asked for (E7). */
export function estimateVariations(
  base: readonly SituationTable[],
  measured: Measurements,
  options: { readonly format: Format; readonly vary: readonly Variation[]; readonly temperature: number },
): Varied[] {
  return options.vary.flatMap((variation) => {
    const levels = levelsOf(variation, measured, options.format, options.temperature);
    if (levels.length === 0) return [notApplicable(variation, `${variation} does not vary under ${options.format}`)];
    if (variation === "temperature" && measured.choice.some(({ ownTemperature }) => ownTemperature))
      return [notApplicable(variation, "the endpoint refused the temperatures asked for and drew at its own")];
    return levels.map(({ level, tables, from = base, together = 1 }) => ({
      variation,
      level,
      moved: movedFrom(from, tables, together),
      remark: "",
    }));
  });
}

interface Level {
  readonly level: string;
  readonly tables: readonly SituationTable[];
  /** What it is told from where the base holds it: the rest. */
  readonly from?: readonly SituationTable[];
  /**
   * Situations that follow each other and make one unit: under `choice` every three share out places and wordings among
   * them (A6), so that what a place or a wording does cancels over three and is no scatter.
   */
  readonly together?: number;
}

function levelsOf(variation: Variation, measured: Measurements, format: Format, temperature: number): Level[] {
  if (variation === "wording")
    return format === "score" ? wordingLevels(measured.score, temperature) : chosenWordingLevels(measured.choice);
  if (variation === "order") return format === "choice" ? orderLevels(measured.choice) : [];
  return VARIANTS.filter((variant) => variant.variation === variation).flatMap(({ level }) => {
    const ofLevel = <T extends ScoreMeasurement | ChoiceMeasurement>(some: readonly T[]) =>
      some.filter((one) => one.variant?.variation === variation && one.variant.level === level);
    const tables =
      format === "score"
        ? tabulateScore(ofLevel(measured.score), { temperature })
        : tabulateChoice(ofLevel(measured.choice));
    return tables.length === 0 ? [] : [{ level, tables }];
  });
}

/** Each wording against the other two. */
function wordingLevels(score: readonly ScoreMeasurement[], temperature: number): Level[] {
  const base = score.filter((one) => !one.variant);
  const by = (wordings: readonly number[]) => tabulateScore(base, { temperature, wordings });
  return byWording(by);
}

/** The same under `choice`: by the places at which a reply stood in those wordings. */
function chosenWordingLevels(choice: readonly ChoiceMeasurement[]): Level[] {
  const base = choice.filter((one) => !one.variant);
  const levels = byWording((wordings) => tabulateChoice(base.map((one) => shownIn(one, wordings))));
  return levels.map((level) => ({ ...level, together: TURNS }));
}

/** Situations over which the wordings come round. */
const TURNS = 3;

function byWording(tables: (wordings: readonly number[]) => readonly SituationTable[]): Level[] {
  return [0, 1, 2].map((wording) => ({
    level: `wording ${wording + 1} against the others`,
    tables: tables([wording]),
    from: tables([0, 1, 2].filter((other) => other !== wording)),
  }));
}

/** Only the places at which a reply stands in one of these wordings. */
function shownIn({ order, probability, ...rest }: ChoiceMeasurement, wordings: readonly number[]): ChoiceMeasurement {
  const places = [...order.keys()].filter((place) => wordings.includes(order[place]?.wording ?? -1));
  return {
    ...rest,
    order: places.map((place) => order[place] as ChoiceMeasurement["order"][number]),
    probability: probability && places.map((place) => probability[place] as number),
  };
}

/** Halves of the Latin square: even and odd rows. */
function orderLevels(choice: readonly ChoiceMeasurement[]): Level[] {
  const base = choice.filter((one) => !one.variant);
  const half = (rest: number) => tabulateChoice(base.filter((one) => one.presentation % 2 === rest));
  return [{ level: "even orders against odd", tables: half(0), from: half(1), together: TURNS }];
}

/**
 * Mean absolute difference over the thirty cells of the mean tables, corrected by the jackknife over situations, or over
 * units of so many that follow each other.
 */
function movedFrom(base: readonly SituationTable[], varied: readonly SituationTable[], together: number): Estimate {
  const pairs = base.flatMap((table, turn) => {
    const other = varied.find((one) => one.id === table.id);
    const moved = other ? cellDifferences(table, other) : null;
    return moved ? [{ unit: Math.floor(turn / together), moved }] : [];
  });
  const units = [...Map.groupBy(pairs, ({ unit }) => unit).values()].map((some) => some.map(({ moved }) => moved));
  const n = pairs.length;
  const missing = base.length - n;
  if (units.length < 3) return { value: null, low: null, high: null, n, missing, method: "too few situations" };
  const { corrected, standardError } = jackknife(units.length, (omit) =>
    meanAbsolute(units.flatMap((some, index) => (index === omit ? [] : some))),
  );
  const [, high] = tInterval(corrected, standardError, units.length - 1, 0.9);
  const of = together === 1 ? "situations" : `${units.length} groups of ${together} situations`;
  return {
    value: Math.max(0, corrected),
    low: null,
    high: Math.max(0, high),
    n,
    missing,
    method: `jackknife over ${of}, bias-corrected; one-sided 95 % upper bound, coverage not claimed`,
  };
}

function cellDifferences(left: SituationTable, right: SituationTable): number[] | null {
  const values = ROWS.flatMap((row) =>
    LABELS.map((label) => {
      const [a, b] = [left.primary[row][label], right.primary[row][label]];
      return a === null || b === null ? null : b - a;
    }),
  );
  return values.some((value) => value === null) ? null : (values as number[]);
}

function meanAbsolute(pairs: readonly (readonly number[])[]): number {
  const cells = pairs[0]?.length ?? 0;
  let total = 0;
  for (let cell = 0; cell < cells; cell += 1) {
    total += Math.abs(pairs.reduce((sum, pair) => sum + (pair[cell] as number), 0) / pairs.length);
  }
  return total / cells;
}

/** Whether a variation can move the matrix under a format (E7). */
export function varies(variation: Variation, format: Format): boolean {
  return format === "choice" || (variation !== "order" && variation !== "temperature");
}

function notApplicable(variation: Variation, remark: string): Varied {
  const moved = { value: null, low: null, high: null, n: 0, missing: 0, method: "not applicable" };
  return { variation, level: "-", moved, remark };
}
