import type {
  Prediction,
  PredictionAnalysis,
  PredictionScheme,
  Predictor,
  PredictorResult,
  Summary,
} from "../../../model/prediction.ts";
import type { Measure } from "../../../model/stress.ts";
import { headline } from "../../predict/predict.ts";
import { intervalText, type NumberStyle, numberText, pText } from "../number-text.ts";

export const PREDICTOR_NAMES: Readonly<Record<Predictor, string>> = {
  profile: "neutral profile",
  size: "model size",
  family: "model family",
  refusals: "refusal rate",
};

export const SUMMARY_MEANINGS: Readonly<Record<Summary, string>> = {
  "asocial lean": "uncued, the other as a means, less the mean of the other five labels",
  "market lean": "uncued, towards price and proportion, less the mean of the other five",
  "authority lean": "uncued, towards rank and command, less the mean of the other five",
  responsiveness: "cue effect minus decoy effect, mean over four modes",
};

const EXCHANGES = {
  all: "models",
  "whole blocks": "whole families",
  "within blocks": "models of one family",
} as const;

export function exchangeText({ exchange }: PredictionScheme): string {
  return EXCHANGES[exchange];
}

const MEASURES: Readonly<Record<Measure, string>> = {
  score: "scores of texts",
  choice: "letters",
  act: "tools called",
  write: "own words",
  done: "acts in simulated workplaces",
  said: "words in simulated workplaces",
};

/** `severity by letters`, or `the published outcome blackmail`. */
export function outcomeName({ measure, outcome }: Pick<PredictionAnalysis, "measure" | "outcome">): string {
  return measure ? `severity by ${MEASURES[measure]}` : `the published outcome ${outcome}`;
}

export function valueStyle({ unit }: Pick<PredictionAnalysis, "unit">): NumberStyle {
  return unit === "nats" ? "nats" : "share";
}

/** `12 percentage points`, `0.40 nats`. */
export function errorText(error: number | null, { unit }: Pick<PredictionAnalysis, "unit">): string {
  if (error === null) return "–";
  return unit === "nats" ? `${error.toFixed(2)} nats` : `${(100 * error).toFixed(1)} pp`;
}

/** The profile's own result, by the headline; null where nothing was fitted. */
export function profileResult(analysis: PredictionAnalysis): PredictorResult | null {
  return headline(analysis)?.predictors.find(({ predictor }) => predictor === "profile") ?? null;
}

export function skillText({ skill, p }: PredictorResult): string {
  return `skill ${numberText(skill.value, "score")} (95 % interval ${intervalText(skill, "score")}), p ${pText(p)}`;
}

/** What can be said of one outcome, sentence by sentence. */
export function analysisAnswer(analysis: PredictionAnalysis, prediction: Prediction): string[] {
  const { answer, reason, cases, headline: left, holm } = analysis;
  const name = outcomeName(analysis);
  const result = profileResult(analysis);
  if (!result) return [`${capital(name)}: ${answer} (${reason}).`, neededText(prediction)];
  const several = prediction.analyses.length > 1 ? `, ${pText(holm)} after Holm over the outcomes` : "";
  const told = `${skillText(result)}${several}, over ${cases.length} models, one ${left} left out at a time.`;
  if (answer === "foretells") return [`The neutral profile foretells ${name}: ${told}`, rivals(analysis)];
  const most = result.strength
    ? `up to ${numberText(result.strength.high, "share")} of the variance of severity`
    : "any strength";
  return [
    `Whether the neutral profile foretells ${name} cannot be told: ${told}`,
    `A relation of ${most} would not be rejected.`,
    neededText(prediction),
  ];
}

/** Predictors that do as well. */
function rivals(analysis: PredictionAnalysis): string {
  const others = headline(analysis)?.predictors ?? [];
  const better = others.filter(({ profileAgainst }) => profileAgainst !== null && profileAgainst <= 0);
  const asked = others.filter(({ predictor, reason }) => predictor !== "profile" && reason === null);
  const names = (some: readonly PredictorResult[]) =>
    some.map(({ predictor }) => PREDICTOR_NAMES[predictor]).join(" and ");
  if (better.length > 0) return `But ${names(better)} did as well or better here.`;
  return asked.length > 0
    ? `It did better here than ${names(asked)}.`
    : "Size, family and refusal rate were not known or did not vary, so that nothing says it is not one of them.";
}

/** How many models would be enough. */
export function neededText({ power }: Prediction): string {
  const told = power.needed.map(({ correlation, models }) =>
    models === null
      ? `a correlation of ${correlation} by more than ${power.rows.at(-1)?.models} models`
      : `a correlation of ${correlation} by ${models} models`,
  );
  return `Found in four of five tries: ${told.join(", ")}.`;
}

/** What a prediction does not show, whatever came out. */
export function predictionLimits(prediction: Prediction): string[] {
  const { stress, analyses, profiles } = prediction;
  const families = analyses.every(({ families: known }) => known < 2);
  return [
    "Nothing here is about a model that was not profiled and measured; least of all about larger ones.",
    "A relation over models is not a cause: what makes a model lean uncued may also make it press, and neither need act on the other.",
    families
      ? "Model families were not named, or there is one: models of one maker can be alike in profile and severity for other reasons."
      : "Models of one family can be alike in profile and severity for other reasons; what holds with whole families left out is less open to that.",
    ...(stress
      ? [
          `Severity is of texts, letters or simulated workplaces in which nothing is at stake, at the highest levels of ${stress.conditions.length} conditions, in these families of scenarios.`,
        ]
      : [
          "Published rates were measured by others: by which format, in which situations and under which prompts is not checked here; their binomial error is all that is known of their error.",
        ]),
    `The summaries were fixed beforehand and are four of many; by ${profiles.format}, ${profiles.set} set. Their own error of measurement is not taken off, and weakens what can be found.`,
    "The interval is of linear relations with even scatter, and counts what the strength of the relation leaves open, not how these models were chosen.",
    "Where no relation is found, none is not shown: the interval tells how strong one may be.",
  ];
}

export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
