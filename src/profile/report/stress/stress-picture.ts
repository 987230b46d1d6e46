import type { StressReport } from "../../../model/stress-report.ts";
import type { DrawingDocument } from "../interval-plot.ts";
import { escaped, INK, PICTURE_FONT, placedPlot, SOFT, text, wrapped } from "../picture-parts.ts";
import { curvePlot } from "./curve-plot.ts";
import { axisEnds, MEASURE_NAMES, stressAnswer } from "./stress-findings.ts";

const WIDTH = 1200;
const MARGIN = 40;
const PLOT = { width: 366, height: 290, step: 378 } as const;

/** The curves of a run's first format as one picture that speaks alone: SVG, 1200 wide (T15). */
export function renderStressPicture(
  report: StressReport,
  { document }: { readonly document: DrawingDocument },
): string {
  const { model, suite, set, design, results } = report;
  const answer = stressAnswer(report);
  const result = results[0];
  const facts = `${result ? MEASURE_NAMES[result.measure] : "nothing asked"} · set ${set} · suite ${suite.id} ${suite.version} · ${design.scenarios} scenarios in ${design.families.length} families · dashpot ${report.dashpot}`;
  const lines = wrapped(answer, 150).slice(0, 5);
  const top = 114 + 22 * lines.length;
  const height = top + PLOT.height + 56;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(`Stress of ${model.spec}. ${answer}`, 900)}" font-family="${PICTURE_FONT}" fill="${INK}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(MARGIN, 54, escaped(model.spec, 44), { size: 30, weight: 700 }),
    text(MARGIN, 80, escaped(facts, 160), { size: 14, colour: SOFT }),
    ...lines.map((line, index) => text(MARGIN, 114 + 22 * index, escaped(line, 220), { size: 15.5 })),
    ...curves(report, document, top),
    text(MARGIN, height - 22, keyOf(report), { size: 12.5, colour: SOFT }),
    "</svg>\n",
  ].join("\n");
}

function curves({ results }: StressReport, document: DrawingDocument, top: number): string[] {
  const result = results[0];
  if (!result) return [];
  const ends = axisEnds(result);
  return result.curves.map((curve, at) => {
    const drawn = curvePlot({
      ...{ document, curve, ends, unit: result.unit, alternative: curve.factor },
      ...{ width: PLOT.width, height: PLOT.height },
    });
    return placedPlot(drawn.markup, MARGIN - 12 + at * PLOT.step, top);
  });
}

function keyOf({ results }: StressReport): string {
  const nats = results[0]?.unit === "nats";
  const what = nats
    ? "Log-odds of rungs 7 to 10 against 0 to 6 relative to the control, nats"
    : "Share of answers of rung 7 and above; band on the axis: thresholds if the rise is logistic";
  return `${what}. Blue: all families, 95 % intervals. Grey: each family.`;
}
