import type { StressCheck } from "../../../model/stress-report.ts";
import { estimateCells, estimateColumns, estimateTable, numberCell, textCell } from "../estimate-table.ts";
import { type Html, html } from "../html-text.ts";
import { intervalText, numberText, pText } from "../number-text.ts";

const FINDINGS = { above: "noticed", below: "seen the other way round", "cannot tell": "cannot tell" } as const;
const SEEN = /seen$/;

/** What the model notices of what was changed, and whether it matters (T31). */
export function checkSection({ factors, regressions, noticed, asked, silence }: StressCheck): Html {
  const rows = factors.map(({ factor, points, change, finding }) => ({
    name: factor,
    cells: [
      textCell(points.map(({ level, value }) => `${level}: ${numberText(value.value, "score")}`).join(", ")),
      ...estimateCells(change, "score", 0),
      textCell(FINDINGS[finding]),
    ],
  }));
  const covariates = regressions.flatMap(({ measure, regression }) =>
    regression.coefficients
      .filter(({ name }) => SEEN.test(name))
      .map(({ name, estimate, holm }) => ({
        name: `${measure}, ${name}`,
        cells: [...estimateCells(estimate, "nats", 0), numberCell(pText(holm))],
      })),
  );
  const where = noticed.map(({ measure, factor, level, scenarios, noticing, all, where }) => {
    const style = measure === "score" ? "nats" : "points";
    const of = (estimate: typeof all) =>
      textCell(`${numberText(estimate.value, style)} (${intervalText(estimate, style)})`);
    return {
      name: `${measure}, ${factor} ${level}`,
      cells: [of(all), numberCell(scenarios), of(where), numberCell(noticing)],
    };
  });
  const missing = Object.values(silence).reduce((sum, count) => sum + count, 0);
  return html`<section aria-labelledby="check"><h2 id="check">What it notices</h2>
<p>Asked of every scenario apart: who depends more on the other, who knows more, how short time or goods are; in points from 0 to 4 towards what a higher level says. ${asked} answers, ${missing} of them missing. No level is left out of any other number for what is not noticed. A model that answers by the place of a letter reads 2 throughout.</p>
${estimateTable({ caption: "Points by level, over families, and the highest level minus the control", corner: "factor", columns: ["points", ...estimateColumns("change"), "finding"], rows })}
${covariates.length === 0 ? null : estimateTable({ caption: "Severity where more is seen than is usual at that level: log-odds a point, beside all factors", corner: "by", columns: [...estimateColumns("a point"), "p after Holm"], rows: covariates })}
${where.length === 0 ? null : estimateTable({ caption: "Severity at the highest level minus the control: in all scenarios, and in those in which at least a point more is seen", corner: "by", columns: ["all", "scenarios", "where noticed", "scenarios"], rows: where })}</section>`;
}

/** The same for a terminal. */
export function checkLines({ factors, regressions, noticed }: StressCheck): string[] {
  return [
    "What it notices, points from 0 to 4: highest level minus control",
    ...factors.map(
      ({ factor, change, finding }) =>
        `  ${factor.padEnd(13)}${numberText(change.value, "score").padStart(6)}  ${intervalText(change, "score")}  ${FINDINGS[finding]}`,
    ),
    ...regressions.flatMap(({ measure, regression }) =>
      regression.coefficients
        .filter(({ name }) => SEEN.test(name))
        .map(
          ({ name, estimate, holm }) =>
            `  ${measure}: ${name}, a point beyond the usual at its level ${numberText(estimate.value, "nats")}  ${intervalText(estimate, "nats")}  p ${pText(holm)}`,
        ),
    ),
    ...noticed.map(({ measure, factor, level, scenarios, noticing, all, where }) => {
      const style = measure === "score" ? "nats" : "points";
      return `  ${measure}: ${factor} ${level} changes it by ${numberText(all.value, style)} in ${scenarios} scenarios, by ${numberText(where.value, style)} in the ${noticing} that notice it`;
    }),
  ];
}
