import type { Prediction, PredictionAnalysis } from "../../../model/prediction.ts";
import { headline } from "../../predict/predict.ts";
import { type DrawingDocument, intervalPlot, type Series } from "../interval-plot.ts";
import { escaped, INK, PICTURE_FONT, placedPlot, SOFT, text, wrapped } from "../picture-parts.ts";
import { analysisAnswer, capital, outcomeName, PREDICTOR_NAMES } from "./prediction-findings.ts";
import { scatterPlot } from "./scatter-plot.ts";

const WIDTH = 1200;
const MARGIN = 40;
const PLOT = { width: 560, height: 420 } as const;
const SKILL: Series = { name: "skill", symbol: "circle", filled: true, colour: "var(--cue)" };

/** The first outcome's prediction and skills as one picture that speaks alone: SVG, 1200 wide (P14). */
export function renderPredictionPicture(
  prediction: Prediction,
  { document }: { readonly document: DrawingDocument },
): string {
  const { profiles, stress, analyses, dashpot } = prediction;
  const analysis = analyses[0] as PredictionAnalysis;
  const answer = analysisAnswer(analysis, prediction).join(" ");
  const source = stress ? `suite ${stress.suite.id} ${stress.suite.version}` : "published rates";
  const facts = `${capital(outcomeName(analysis))} · profiles by ${profiles.format} · ${source} · ${analysis.cases.length} models · dashpot ${dashpot}`;
  const lines = wrapped(answer, 150).slice(0, 5);
  const top = 124 + 22 * lines.length;
  const height = analysis.schemes.length === 0 ? top + 10 : top + PLOT.height + 66;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(answer, 900)}" font-family="${PICTURE_FONT}" fill="${INK}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(MARGIN, 54, "Do neutral profiles foretell stressed severity?", { size: 28, weight: 700 }),
    text(MARGIN, 80, escaped(facts, 160), { size: 14, colour: SOFT }),
    ...lines.map((line, index) => text(MARGIN, 114 + 22 * index, escaped(line, 220), { size: 15.5 })),
    ...plots(analysis, document, top),
    "</svg>\n",
  ].join("\n");
}

function plots(analysis: PredictionAnalysis, document: DrawingDocument, top: number): string[] {
  const told = headline(analysis)?.predictors.filter(({ reason }) => reason === null) ?? [];
  if (told.length === 0) return [];
  const scatter = scatterPlot({ document, analysis, alternative: "scatter", ...PLOT });
  const skills = intervalPlot({
    ...{ document, alternative: "skill", style: "score", width: 540, band: 60 },
    groups: told.map(({ predictor }) => PREDICTOR_NAMES[predictor]),
    points: told.map(({ predictor, skill }) => ({ group: PREDICTOR_NAMES[predictor], series: SKILL, estimate: skill })),
    axis: "skill: 0 is the mean of the others, 1 without error",
  });
  const foot =
    "Blue: by the profile, 95 % interval of what was observed. Orange: by the mean of the others. Broken line: both the same.";
  return [
    placedPlot(scatter.markup, MARGIN - 12, top),
    text(640, top + 24, `Skill, one ${analysis.headline} left out at a time, 95 % intervals`, {
      size: 15.5,
      weight: 700,
    }),
    placedPlot(skills.markup, 620, top + 36),
    text(MARGIN, top + PLOT.height + 40, foot, { size: 12.5, colour: SOFT }),
  ];
}
