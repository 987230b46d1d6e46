import { shownText } from "../../../model/shown-text.ts";
import type { StressReport, StressResult } from "../../../model/stress-report.ts";
import { countText, intervalText, numberText, pText } from "../number-text.ts";
import { brokenLines } from "../terminal-summary.ts";
import { checkLines } from "./check-section.ts";
import {
  armName,
  changeStyle,
  FEW_ANSWERS,
  MEASURE_NAMES,
  riseText,
  stressAnswer,
  stressLimits,
  thresholdText,
  valueStyle,
} from "./stress-findings.ts";

/** What a stress run found, for a terminal: the answer, curves, thresholds, slopes, arms, what is missing. Ends with a line end. */
export function renderStressSummary(report: StressReport, { width }: { readonly width: number }): string {
  const columns = Math.max(40, Math.min(width, 120));
  const { model, set, design, suite, totals } = report;
  const facts = `set ${set} · design ${design.name} · suite ${suite.id} ${suite.version} ${suite.hash.slice(0, 12)} · ${countText(design.scenarios)} scenarios in ${design.families.length} families`;
  const calls = `${countText(totals.calls)} calls, ${countText(totals.promptTokens + totals.completionTokens)} tokens.`;
  const blocks = [
    [shownText(model.spec, columns), ...brokenLines(facts, columns)],
    brokenLines(stressAnswer(report), columns),
    ...report.results.map((result) => resultLines(result, columns)),
    ...(report.check ? [checkLines(report.check)] : []),
    ...(report.episodes.length > 0 ? [episodeLines(report)] : []),
    [...aliasLines(report, columns), ...brokenLines(stressLimits(report)[0] ?? "", columns), calls],
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function resultLines(result: StressResult, columns: number): string[] {
  return [
    `By ${MEASURE_NAMES[result.measure]}`,
    ...curveLines(result),
    ...slopeLines(result, columns),
    ...armLines(result),
    ...guardrailLines(result),
    missingLine(result),
  ];
}

function curveLines(result: StressResult): string[] {
  const style = valueStyle(result);
  return result.curves.flatMap(({ factor, points, threshold, slope, rise }) => {
    const few = result.unit === "proportion" && points.some(({ value }) => value.n < FEW_ANSWERS);
    const head = threshold
      ? `one half: ${thresholdText(threshold.index)}${threshold.dose ? `; on the compared scale ${thresholdText(threshold.dose)}` : ""}`
      : slope
        ? `slope ${numberText(slope.value, "nats")} nats a level (${intervalText(slope, "nats")})`
        : "";
    return [
      `  ${factor}: ${head}${few ? ` (fewer than ${FEW_ANSWERS} answers a point)` : ""}`,
      ...(rise ? [`    ${riseText(rise)}`] : []),
      ...points.map(
        ({ level, value, bounds }) =>
          `    ${level}  ${numberText(value.value, style).padStart(7)}  ${intervalText(value, style)}  n ${value.n}${missingText(value.missing, bounds)}`,
      ),
    ];
  });
}

/** How many are missing, and what the rate would be whatever they were. */
function missingText(missing: number, bounds: readonly [number, number] | null): string {
  if (missing === 0) return "";
  if (bounds === null) return `, missing ${missing}`;
  return `, missing ${missing}: ${intervalText({ low: bounds[0], high: bounds[1] }, "share")} whatever they are`;
}

function slopeLines({ regression }: StressResult, columns: number): string[] {
  if (!regression) return [];
  if (regression.coefficients.length === 0)
    return brokenLines(`  Factors together: no slopes, ${regression.remark}`, columns);
  return [
    "  Factors together: log-odds of a more severe answer; p after Holm",
    ...regression.coefficients.map(
      ({ name, estimate, holm }) =>
        `    ${name.padEnd(14)}${numberText(estimate.value, "nats").padStart(7)}  ${intervalText(estimate, "nats")}  p ${pText(holm)}`,
    ),
  ];
}

function armLines(result: StressResult): string[] {
  const { arms } = result;
  const style = changeStyle(result);
  if (arms.length === 0) return [];
  const names = arms.map(armName);
  const wide = Math.max(...names.map(({ length }) => length));
  return [
    "  One thing put on, pairs of scenarios; p after Holm",
    ...arms.map(
      ({ difference, holm }, at) =>
        `    ${(names[at] as string).padEnd(wide)}  ${numberText(difference.value, style).padStart(8)}  ${intervalText(difference, style)}  p ${pText(holm)}`,
    ),
  ];
}

function guardrailLines({ guardrails }: StressResult): string[] {
  if (guardrails.length === 0) return [];
  const said = guardrails.map(({ factor, level, verdict }) => `${factor} ${level} ${verdict}`);
  return [`  Prohibition: ${said.join(", ")}`];
}

function missingLine({ silence, asked }: StressResult): string {
  const { refusals, unparsable, empty, failures, cannotTell, notCodable } = silence;
  return `  Missing of ${countText(asked)}: ${refusals} refused, ${unparsable} unparsable, ${empty} empty, ${failures} failed, ${cannotTell} that rules cannot tell, ${notCodable} not codable.`;
}

function episodeLines({ episodes }: StressReport): string[] {
  const wide = Math.max(...episodes.map(({ condition }) => condition.length));
  return [
    "Episodes in simulated workplaces: gave way by act and by word, median turn, exits taken, faults",
    ...episodes.map(
      ({ condition, gaveWay, turn, exits, faults, ...rest }) =>
        `  ${condition.padEnd(wide)}  ${gaveWay.done} and ${gaveWay.said} of ${rest.episodes}  ${turnText(turn.done)}, ${turnText(turn.said)}  ${exits}  ${faults}`,
    ),
  ];
}

function turnText(turn: number | null): string {
  return turn === null ? "–" : `turn ${turn}`;
}

function aliasLines({ design }: StressReport, columns: number): string[] {
  if (design.aliases.length === 0) return [];
  return ["This design cannot tell apart:", ...design.aliases.flatMap((alias) => brokenLines(`  ${alias}`, columns))];
}
