import { LABEL_NAMES, LABELS, MODES, ROWS } from "../../model/label.ts";
import type { Estimate, Profile } from "../../model/profile.ts";
import { shownText } from "../../model/shown-text.ts";
import {
  answerSentence,
  differenceStyle,
  neutralValue,
  primaryMatrix,
  QUANTITY_NAMES,
  quantityStyle,
  standing,
} from "./findings.ts";
import { heatColour, heatPlace } from "./heat-colour.ts";
import { ROW_NAMES, scaleEnds } from "./heat-table.ts";
import { type DrawingDocument, intervalPlot, type Series } from "./interval-plot.ts";
import { axisOf } from "./lean-section.ts";
import { intervalText, type NumberStyle, numberText } from "./number-text.ts";
import { escaped, INK, PICTURE_FONT, placedPlot, SOFT, text, wrapped } from "./picture-parts.ts";

export const PICTURE_SIZE = { width: 1200, height: 720 } as const;

/** One picture that speaks alone: title, answer, matrix and bias, as SVG of 1200 by 720 (C2). */
export function renderPicture(profile: Profile, { document }: { readonly document: DrawingDocument }): string {
  const { width, height } = PICTURE_SIZE;
  const { model, format, set, bank, design } = profile;
  const answer = answerSentence(profile);
  const facts = `format ${format} · set ${set} · bank ${bank.id} ${bank.version} · ${design.situations} situations in ${design.domains} domains · dashpot ${profile.dashpot}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(`Relational profile of ${model.spec}. ${answer}`, 900)}" font-family="${PICTURE_FONT}" fill="${INK}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(MARGIN, 54, escaped(model.spec, 44), { size: 30, weight: 700 }),
    text(MARGIN, 80, escaped(facts, 150), { size: 14, colour: SOFT }),
    ...answerLines(answer),
    matrixDrawing(profile),
    biasDrawing(profile, document),
    "</svg>\n",
  ].join("\n");
}

/** Four lines of usual size, or five smaller ones where the answer is long. */
function answerLines(answer: string): string[] {
  const usual = wrapped(answer, 138);
  const [lines, size, step] = usual.length <= 4 ? [usual, 16.5, 23] : [wrapped(answer, 164), 14, 18.5];
  return lines.slice(0, 5).map((line, index) => text(MARGIN, 114 + step * index, escaped(line, 200), { size }));
}

const MARGIN = 40;
const BIAS: Series = { name: "bias", symbol: "circle", filled: true, colour: "var(--cue)" };
const GRID = { left: 166, top: 262, column: 97, row: 76, gap: 3 } as const;

function matrixDrawing(profile: Profile): string {
  const matrix = primaryMatrix(profile);
  const style = quantityStyle(matrix.quantity);
  const neutral = neutralValue(matrix.quantity);
  const title = text(MARGIN, 218, `Replies by cue: ${QUANTITY_NAMES[matrix.quantity]}, 95 % interval`, {
    size: 17,
    weight: 700,
  });
  const head = LABELS.map((label, column) =>
    text(GRID.left + (column + 0.5) * GRID.column, GRID.top - 12, shortName(LABEL_NAMES[label]), {
      size: 12.5,
      anchor: "middle",
      weight: 600,
    }),
  );
  const rows = ROWS.map((row, index) => {
    const y = GRID.top + index * GRID.row + GRID.row / 2;
    const cells = LABELS.map((label, column) => {
      const estimate = matrix.cells[row][label];
      const place = estimate.value === null ? 0 : heatPlace(estimate.value, neutral, scaleEnds(matrix));
      const told = ["above", "below"].includes(standing(estimate, neutral));
      return cell({
        column,
        row: index,
        fill: heatColour(place).light,
        told,
        own: row === label,
        value: numberText(estimate.value, style),
        interval: cellInterval(estimate, style),
      });
    });
    return [text(MARGIN, y + 5, ROW_NAMES[row], { size: 12.5, weight: 600 }), ...cells].join("");
  });
  const bottom = GRID.top + 5 * GRID.row;
  const foot = [
    `Rows are cues, columns are replies. n ${sizes(profile)} situations a cell. Framed: the reply that the cue calls for.`,
    `Bold: the interval lies wholly on one side of ${numberText(neutral, style)}.`,
  ].map((line, index) => text(MARGIN, bottom + 22 + 18 * index, line, { size: 12.5, colour: SOFT }));
  return [title, ...head, ...rows, ...foot].join("\n");
}

interface Cell {
  readonly column: number;
  readonly row: number;
  readonly fill: string;
  readonly told: boolean;
  readonly own: boolean;
  readonly value: string;
  readonly interval: string;
}

function cell({ column, row, fill, told, own, value, interval }: Cell): string {
  const x = GRID.left + column * GRID.column;
  const y = GRID.top + row * GRID.row;
  const [width, height] = [GRID.column - GRID.gap, GRID.row - GRID.gap];
  const frame = own ? ` stroke="${INK}" stroke-width="2"` : "";
  const box = `<rect x="${x + 1}" y="${y + 1}" width="${width - 2}" height="${height - 2}" rx="4" fill="${fill}"${frame}/>`;
  const middle = x + width / 2;
  const number = text(middle, y + 34, value, { size: 18, anchor: "middle", weight: told ? 700 : 400 });
  return `${box}${number}${text(middle, y + 54, interval, { size: 11.5, anchor: "middle" })}`;
}

function biasDrawing(profile: Profile, document: DrawingDocument): string {
  const { bias } = profile;
  const against = bias.reference ? "against the reference" : "against zero";
  const plot = intervalPlot({
    document,
    alternative: "bias",
    style: differenceStyle(bias.unit),
    groups: LABELS.map((label) => LABEL_NAMES[label]),
    points: LABELS.map((label) => ({
      group: LABEL_NAMES[label],
      series: BIAS,
      estimate: bias.labels[label],
    })),
    axis: axisOf(bias.unit),
    width: 400,
    band: 56,
  }).markup;
  const placed = placedPlot(plot, 775, 236);
  const lines = wrapped(shownText(bias.remark, 160), 58).slice(0, 2);
  return [
    text(782, 218, `Uncued bias ${against}, ${axisOf(bias.unit)}`, { size: 17, weight: 700 }),
    placed,
    ...lines.map((line, index) => text(782, 660 + 18 * index, escaped(line, 80), { size: 12.5, colour: SOFT })),
  ].join("\n");
}

function cellInterval(estimate: Estimate, style: NumberStyle): string {
  return estimate.value === null ? "empty" : intervalText(estimate, style);
}

function sizes(profile: Profile): string {
  const all = ROWS.flatMap((row) => LABELS.map((label) => primaryMatrix(profile).cells[row][label].n));
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? String(least) : `${least} to ${most}`;
}

/** `communal sharing` in one line of a hundred pixels would not fit at this size: the first word does. */
function shortName(name: string): string {
  return MODES.some((mode) => LABEL_NAMES[mode] === name) ? (name.split(" ")[0] as string) : name;
}
