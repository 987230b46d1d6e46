import { canonicalJson, sha256Hex } from "../kernel/canonical-json.ts";
import { randomStream } from "../kernel/random.ts";
import type { Bank } from "../model/bank.ts";
import { LABELS, type MODES, ROWS } from "../model/label.ts";
import type { ModelIdentity } from "../model/language-model.ts";
import type { Estimate, Profile } from "../model/profile.ts";
import type { RunPlan, Totals } from "../model/run.ts";
import { countSilence } from "./count-silence.ts";
import { summariseDyads } from "./dyad-excess.ts";
import { estimateEffects } from "./effects.ts";
import {
  estimateBias,
  estimateMatrices,
  estimateResponsiveness,
  estimateValidation,
  type Reference,
} from "./estimate-cells.ts";
import { describeDesign, estimateRows } from "./estimate-rows.ts";
import { estimateAgreement } from "./format-agreement.ts";
import type { ChoiceMeasurement, Measurements, SelfMeasurement } from "./measurement.ts";
import { testPosition } from "./position.ts";
import { modes, type SituationTable } from "./situation-table.ts";
import { tabulateChoice } from "./tabulate-choice.ts";
import { tabulateScore } from "./tabulate-score.ts";
import { estimateVariations } from "./variations.ts";

/** What a profile is made from, beside the measurements. */
export interface Source {
  readonly bank: Bank;
  readonly plan: RunPlan;
  readonly model: ModelIdentity;
  readonly totals: Totals;
  readonly reference: Reference | null;
  /** Temperature of the normalised score and where it was fitted (A5). */
  readonly normalisation: { readonly temperature: number; readonly fittedOn: string };
}

/** The profile of a run: pure, the same bytes for the same answers (R2, C9). */
export function estimateProfile(measured: Measurements, source: Source): Profile {
  const { plan, reference } = source;
  const format = plan.format;
  const { temperature } = source.normalisation;
  const base = {
    score: measured.score.filter((one) => !one.variant),
    choice: measured.choice.filter((one) => !one.variant),
  };
  const byFormat = { score: tabulateScore(base.score, { temperature }), choice: tabulateChoice(base.choice) };
  const tables = byFormat[format];
  const stream = (name: string) => randomStream(plan.seed, "estimate", name);
  return {
    schema: "dashpot/profile@1",
    ...describeSource(source),
    design: describeDesign(tables),
    normalisation: format === "score" ? source.normalisation : null,
    matrices: estimateMatrices(tables, format),
    bias: estimateBias(tables, format, reference, biasRemark(source)),
    responsiveness: estimateResponsiveness(tables, format),
    summary: estimateRows(tables, format === "score" ? "normalised score" : "share", reference, stream("rows")),
    effects: estimateEffects(tables, format, { ...base, temperature }, stream("effects")),
    position: ofFormat(testPosition(base.choice, stream("position")), format),
    ...(format === "choice" ? { letters: countLetters(measured.choice) } : {}),
    variations: estimateVariations(tables, measured, { format, vary: plan.vary, temperature }),
    agreement: estimateAgreement(byFormat.score, byFormat.choice),
    validation: estimateValidation(tables),
    dyads: [...summariseDyads(measured.dyads, stream("dyads"))],
    self: summariseSelf(measured.self),
    silence: countSilence(measured, format),
    totals: source.totals,
    situations: tables.map(({ id, domain, rank, primary, bias }) => ({ id, domain, rank, cells: primary, bias })),
    distributions: tables.map((table) => ({ id: table.id, rows: distributionsOf(table) })),
  };
}

function countLetters(choice: readonly ChoiceMeasurement[]): NonNullable<Profile["letters"]> {
  const of = (holds: (one: ChoiceMeasurement) => boolean) => choice.filter(holds).length;
  return {
    byLogProbability: of(({ told }) => told === "letters"),
    bySample: of(({ told }) => told === "text"),
    ownTemperature: of(({ ownTemperature }) => ownTemperature === true),
  };
}

/** Under `score` the letters were asked only to tell how far the formats agree: the matrix does not rest on them. */
function ofFormat(position: Profile["position"], format: Profile["format"]): Profile["position"] {
  if (!position?.answersByPosition || format === "choice") return position;
  const remark =
    "Asked by letters, this model answers by their place; this matrix is of scores and does not rest on letters.";
  return { ...position, remark };
}

function describeSource({ bank, plan, model, totals }: Source) {
  const { id, version, parent } = bank.header;
  return {
    dashpot: plan.dashpot,
    seed: plan.seed,
    model,
    format: plan.format,
    formatReason: plan.formatReason,
    set: plan.set,
    bank: { id, version, hash: bank.hash, parent: parent ?? null },
    plan: sha256Hex(canonicalJson(withoutPaths(plan))),
    samples: plan.samples,
    temperature: plan.temperature,
    ...(plan.system === undefined ? {} : { system: sha256Hex(plan.system) }),
    totals,
  } satisfies Partial<Profile>;
}

/** Where bank, reference and model lie, on what they ran and what it cost is not what was asked; their hashes are. */
function withoutPaths({
  modelPath: _,
  processor: _processor,
  price: _price,
  bank,
  reference,
  ...rest
}: RunPlan): object {
  const { path: _bank, ...bankRest } = bank;
  if (!reference) return { ...rest, bank: bankRest, reference };
  const { path: _reference, ...referenceRest } = reference;
  return { ...rest, bank: bankRest, reference: referenceRest };
}

function biasRemark({ plan, reference }: Source): string {
  if (plan.format === "choice" && !reference) return "Share in the row of no cue minus one sixth.";
  if (!reference) return "Against zero: topic and wording of the replies can lean as well as the model.";
  const { formError } = reference;
  const held = formError
    ? `the intervals hold the error between forms that was measured on ${formError.model}`
    : "the intervals do not hold the error between forms";
  const other =
    formError === undefined ? "" : ` The reference answered another form of this bank: its wordings differ; ${held}.`;
  return `Difference from ${reference.name}, situation by situation.${other}`;
}

function distributionsOf(table: SituationTable): Profile["distributions"][number]["rows"] {
  const row = (name: (typeof ROWS)[number]) => {
    const values = LABELS.map((label) => table.distribution[name][label]);
    return values.some((value) => value === null) ? null : (values as number[]);
  };
  return Object.fromEntries(ROWS.map((name) => [name, row(name)])) as Profile["distributions"][number]["rows"];
}

function summariseSelf(answers: readonly SelfMeasurement[]): Profile["self"] {
  if (answers.length === 0) return null;
  const rate = (mode: (typeof MODES)[number]): Estimate => {
    const asked = answers.filter((answer) => answer.mode === mode);
    const known = asked.flatMap(({ rating }) => (rating === null ? [] : [rating]));
    const value = known.length === 0 ? null : known.reduce((sum, rating) => sum + rating, 0) / known.length;
    const method = "mean of two items, 1 to 7; no interval from so few";
    return { value, low: null, high: null, n: known.length, missing: asked.length - known.length, method };
  };
  return {
    remark: "What the model says of itself; shown beside what it does, never instead of it.",
    modes: modes(rate),
  };
}
