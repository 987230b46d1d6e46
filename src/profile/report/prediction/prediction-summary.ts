import type { Prediction, PredictionAnalysis, PredictionScheme } from "../../../model/prediction.ts";
import { shownText } from "../../../model/shown-text.ts";
import { scenarioText } from "../../predict/stress-outcomes.ts";
import { intervalText, numberText, pText } from "../number-text.ts";
import { brokenLines } from "../terminal-summary.ts";
import {
  analysisAnswer,
  capital,
  errorText,
  exchangeText,
  outcomeName,
  PREDICTOR_NAMES,
  predictionLimits,
  valueStyle,
} from "./prediction-findings.ts";

/** A prediction for a terminal: answer, skills, models, power, what is left out. Ends with a line end. */
export function renderPredictionSummary(prediction: Prediction, { width }: { readonly width: number }): string {
  const columns = Math.max(40, Math.min(width, 120));
  const { profiles, stress } = prediction;
  const source = stress
    ? `stress suite ${stress.suite.id} ${stress.suite.version}, ${scenarioText(stress.scenarios)}`
    : "published rates";
  const facts = `${profiles.files.length} profiles by ${profiles.format}, set ${profiles.set}, bank ${profiles.bank.id} ${profiles.bank.version} · ${source}`;
  const blocks = [
    ...prediction.analyses.map((analysis) => brokenLines(analysisAnswer(analysis, prediction).join(" "), columns)),
    brokenLines(facts, columns),
    ...prediction.analyses.map((analysis) => analysisLines(analysis, columns)),
    powerLines(prediction),
    ...(prediction.leftOut.length > 0
      ? [["Left out", ...prediction.leftOut.map(({ what, reason }) => `  ${shownText(what, 60)}: ${reason}`)]]
      : []),
    brokenLines(predictionLimits(prediction)[0] ?? "", columns),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function analysisLines(analysis: PredictionAnalysis, columns: number): string[] {
  const { schemes, cases, leftOut, headline, sources } = analysis;
  const style = valueStyle(analysis);
  const models = cases.map(({ cluster, states, observed, predicted }) => {
    const name = `${shownText(cluster, 24)}${states.length > 1 ? ` ×${states.length}` : ""}`.padEnd(28);
    const seen = `${numberText(observed.value, style).padStart(7)}  ${intervalText(observed, style)}`.padEnd(26);
    const told = predicted[headline];
    return `    ${name}${seen}${told === null ? "" : `predicted ${numberText(told, style)}`}`.trimEnd();
  });
  return [
    ...brokenLines(shownText(`${capital(outcomeName(analysis))}: ${sources.join("; ")}`, 600), columns),
    ...schemes.flatMap((scheme) => schemeLines(scheme, analysis)),
    ...(models.length > 0
      ? [`  Observed, 95 % interval${schemes.length > 0 ? ", and predicted from the others" : ""}`, ...models]
      : []),
    ...leftOut.map(({ model, reason }) => `  left out: ${shownText(model, 60)}, ${reason}`),
  ];
}

function schemeLines(scheme: PredictionScheme, analysis: PredictionAnalysis): string[] {
  const rows = scheme.predictors.map(({ predictor, reason, skill, p, meanAbsoluteError }) => {
    const name = `    ${PREDICTOR_NAMES[predictor].padEnd(18)}`;
    if (reason) return `${name}not told: ${reason}`;
    const interval = intervalText(skill, "score");
    return `${name}${numberText(skill.value, "score").padStart(6)}  ${interval.padEnd(16)}  p ${pText(p).padEnd(7)} off by ${errorText(meanAbsoluteError, analysis)}`;
  });
  return [
    `  One ${scheme.leftOut} left out at a time: skill, 95 % interval; p by permuting ${exchangeText(scheme)}`,
    ...rows,
    `    ${"mean of the others".padEnd(18)}${"0".padStart(6)}${"".padEnd(29)}off by ${errorText(scheme.meanAbsoluteError, analysis)}`,
  ];
}

function powerLines({ power }: Prediction): string[] {
  return [
    "Power by number of models, for correlations of the four summaries with severity",
    `  models ${power.correlations.map((one) => one.toFixed(2).padStart(6)).join("")}`,
    ...power.rows.map(
      ({ models, power: found }) =>
        `  ${String(models).padStart(6)} ${found.map((one) => numberText(one, "share").padStart(6)).join("")}`,
    ),
  ];
}
