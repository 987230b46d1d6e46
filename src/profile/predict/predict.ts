import { randomStream } from "../../kernel/random.ts";
import { skillPower } from "../../kernel/skill-power.ts";
import { DashpotError } from "../../model/error.ts";
import { type Prediction, type PredictionAnalysis, type PredictionScheme, SUMMARIES } from "../../model/prediction.ts";
import type { Profile } from "../../model/profile.ts";
import type { StressReport } from "../../model/stress-report.ts";
import { adjusted } from "../adjust-family.ts";
import { type AnalysisOptions, analyseOutcome, type Unadjusted } from "./analyse.ts";
import type { OutcomeColumn } from "./outcome.ts";
import { type ModelRow, modelKey, modelStates, refuseDoubled, refuseSharedSituations } from "./pair-models.ts";
import { stressOutcomes } from "./stress-outcomes.ts";
import { type OutcomeRow, tableOutcomes } from "./table-outcomes.ts";

export interface PredictionSource {
  readonly profiles: readonly { readonly profile: Profile; readonly hash: string }[];
  readonly reports: readonly StressReport[];
  /** Published rates in place of stress runs. */
  readonly outcomes: { readonly rows: readonly OutcomeRow[]; readonly path: string; readonly hash: string } | null;
  readonly models: { readonly rows: readonly ModelRow[]; readonly hash: string } | null;
}

export interface PredictionOptions {
  readonly seed: number;
  readonly draws: number;
  /** Correlations whose power is told. */
  readonly correlations: readonly number[];
  readonly dashpot: string;
  /** Sets that intervals and power are simulated from; fewer are quicker and coarser. */
  readonly simulated?: { readonly intervals: number; readonly power: number };
}

const MODELS_TRIED = [8, 12, 16, 24, 32, 48] as const;
const SIMULATED = { intervals: 200, power: 50 } as const;
const ENOUGH_POWER = 0.8;

/**
 * Do neutral profiles foretell stressed severity out of sample? Errors: `predict-nothing`, `predict-unpaired`,
 * `predict-same-format`, and those of pairing and of outcomes.
 */
export function predictSeverity(source: PredictionSource, options: PredictionOptions): Prediction {
  const profiles = source.profiles.map(({ profile }) => profile);
  refuseNothing(source);
  const states = modelStates(profiles, source.models?.rows ?? []);
  const { columns, leftOut, stress } = outcomesOf(source, states);
  const by: AnalysisOptions = {
    ...{ draws: options.draws, simulated: (options.simulated ?? SIMULATED).intervals },
    stream: (...names) => randomStream(options.seed, "predict", ...names),
  };
  const analyses = concluded(columns.map((column) => analyseOutcome(states, column, by)));
  const { format, set, bank } = profiles[0] as Profile;
  return {
    ...{ schema: "dashpot/prediction@1", dashpot: options.dashpot, seed: options.seed, draws: options.draws },
    profiles: {
      ...{ format, set, bank: { id: bank.id, version: bank.version, hash: bank.hash } },
      files: source.profiles.map(({ profile, hash }) => ({ model: profile.model.spec, sha256: hash })).sort(bySha),
    },
    stress,
    tables: { outcomes: source.outcomes?.hash ?? null, models: source.models?.hash ?? null },
    ...{ analyses, leftOut },
    power: powerOf(analyses, options),
  };
}

function bySha(one: { readonly sha256: string }, other: { readonly sha256: string }): number {
  return one.sha256 < other.sha256 ? -1 : 1;
}

function refuseNothing({ profiles, reports, outcomes }: PredictionSource): void {
  const missing = profiles.length === 0 ? "profiles" : reports.length === 0 && outcomes === null ? "outcomes" : null;
  if (missing)
    throw new DashpotError(
      "predict-nothing",
      `expected profiles and stress runs of the same models, received ${profiles.length} profiles and ${reports.length} stress runs`,
      missing === "profiles"
        ? "name directories of finished profiles as well"
        : "name directories of finished stress runs as well, or published rates with --outcomes",
    );
  if (outcomes !== null && reports.length > 0)
    throw new DashpotError(
      "predict-two-outcomes",
      `expected stress runs or --outcomes, received both, ${reports.length} stress runs`,
      "leave one of them out",
    );
}

interface Found extends Pick<Prediction, "leftOut" | "stress"> {
  readonly columns: readonly OutcomeColumn[];
}

function outcomesOf(source: PredictionSource, states: ReturnType<typeof modelStates>): Found {
  if (source.outcomes) return { ...tableOutcomes(source.outcomes.rows, states, source.outcomes.path), stress: null };
  const profiles = source.profiles.map(({ profile }) => profile);
  refuseDoubled(source.reports, "stress run");
  refuseSharedSituations(profiles, source.reports);
  const profiled = new Set(states.map(({ key }) => key));
  const paired = source.reports.filter(({ model }) => profiled.has(modelKey(model)));
  const first = paired[0];
  if (!first)
    throw new DashpotError(
      "predict-unpaired",
      `expected profiles and stress runs of the same models, received none in common, of ${profiles[0]?.model.spec} and ${source.reports[0]?.model.spec} for example`,
      "profile and stress the same models: spec and weights must be the same",
    );
  const { columns, conditions, scenarios } = stressOutcomes(paired);
  const { format } = profiles[0] as Profile;
  const other = columns.filter(({ measure }) => measure !== format);
  if (other.length === 0)
    throw new DashpotError(
      "predict-same-format",
      `expected severity by another format than the profiles', received ${format} of both`,
      "stress the models by another --format, or profile them by another",
    );
  const same = columns.filter(({ measure }) => measure === format);
  return {
    columns: other,
    stress: {
      ...{ suite: first.suite, set: first.set, temperature: first.temperature },
      ...{ conditions: [...conditions], scenarios },
    },
    leftOut: [
      ...source.reports
        .filter((report) => !paired.includes(report))
        .map(({ model }) => ({ what: model.spec, reason: "stressed and not profiled" })),
      ...same.map(({ name }) => ({ what: `severity by ${name}`, reason: "the profiles' own format" })),
    ].sort((one, another) => (one.what < another.what ? -1 : 1)),
  };
}

/** Holm over the outcomes, and what can then be said (P11). */
function concluded(analyses: readonly Unadjusted[]): PredictionAnalysis[] {
  const family = analyses.map((analysis) => ({ analysis, p: headline(analysis)?.predictors[0]?.p ?? null }));
  return adjusted(family).map(({ analysis, adjustedP }) => {
    if (adjustedP === null) return { ...analysis, holm: null };
    const skill = headline(analysis)?.predictors[0]?.skill.value ?? 0;
    const told = adjustedP <= 0.05 && skill > 0;
    return { ...analysis, holm: adjustedP, answer: told ? "foretells" : "cannot tell" };
  });
}

/** The scheme that the answer rests on; undefined where nothing was fitted. */
export function headline({
  schemes,
  headline: name,
}: Pick<Unadjusted, "schemes" | "headline">): PredictionScheme | undefined {
  return schemes.find(({ leftOut }) => leftOut === name);
}

/** By number of models (P10). */
function powerOf(
  analyses: readonly PredictionAnalysis[],
  { correlations, seed, simulated = SIMULATED }: PredictionOptions,
): Prediction["power"] {
  const seen = analyses.flatMap((analysis) => headline(analysis)?.predictors[0]?.strength?.value ?? []);
  const asked = [...new Set([...correlations, ...seen.filter((one) => one > 0).map(correlationOf)])].sort(
    (one, other) => one - other,
  );
  const rows = MODELS_TRIED.map((models) => {
    const stream = randomStream(seed, "predict", "power", models);
    return {
      models,
      power: [...skillPower(models, asked, { columns: SUMMARIES.length, sets: simulated.power, stream }).power],
    };
  });
  const needed = asked.map((correlation, at) => ({
    correlation,
    models: rows.find(({ power }) => (power[at] as number) >= ENOUGH_POWER)?.models ?? null,
  }));
  return { correlations: asked, rows, needed };
}

/** To two digits, as it is shown. */
function correlationOf(strength: number): number {
  return Math.round(100 * Math.sqrt(strength)) / 100;
}
