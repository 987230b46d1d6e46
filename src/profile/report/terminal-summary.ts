import { LABEL_NAMES, LABELS, type Label, MODES, ROWS, type Row } from "../../model/label.ts";
import type { Estimate, Profile } from "../../model/profile.ts";
import { shownText } from "../../model/shown-text.ts";
import { lostByRow, unscoredIn } from "../lost-answers.ts";
import {
  answerSentence,
  differenceStyle,
  lettersText,
  neutralValue,
  primaryMatrix,
  QUANTITY_NAMES,
  quantityStyle,
  RESPONSE_TEXT,
  responseTo,
  standing,
} from "./findings.ts";
import { countText, intervalText, type NumberStyle, numberText } from "./number-text.ts";

export interface SummaryOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

type Paint = (text: string) => string;
interface Page {
  readonly width: number;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly above: Paint;
  readonly below: Paint;
}

/** What a run found, for a terminal: the answer, the matrix and the bias with intervals, what is missing (C1). Ends with a line end. */
export function renderSummary(profile: Profile, { colour, width }: SummaryOptions): string {
  const page = pageOf(colour, Math.max(30, Math.min(width, 120)));
  const blocks = [
    heading(profile, page),
    brokenLines(answerSentence(profile), page.width),
    matrixBlock(profile, page),
    biasBlock(profile, page),
    responsivenessBlock(profile, page),
    missingBlock(profile, page),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function pageOf(colour: boolean, width: number): Page {
  const paint =
    (code: number): Paint =>
    (text) =>
      colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  return { width, bold: paint(1), dim: paint(2), above: paint(34), below: paint(33) };
}

function heading({ model, format, set, bank, design }: Profile, page: Page): string[] {
  const title = shownText(model.spec, Math.max(20, page.width - 1));
  const facts = `format ${format} · set ${set} · bank ${shownText(bank.id, 40)} ${shownText(bank.version, 20)} ${bank.hash.slice(0, 12)} · ${design.situations} situations in ${design.domains} domains`;
  return [page.bold(title), ...brokenLines(facts, page.width)];
}

const ROW_WIDTH = 6;
const CELL_WIDTH = 15;

function matrixBlock(profile: Profile, page: Page): string[] {
  const { quantity, cells } = primaryMatrix(profile);
  const style = quantityStyle(quantity);
  const base = neutralValue(quantity);
  const title = brokenLines(
    `Replies by cue, ${QUANTITY_NAMES[quantity]}, with 95 % intervals; * interval without ${numberText(base, style)}`,
    page.width,
  ).map(page.bold);
  if (page.width < ROW_WIDTH + LABELS.length * CELL_WIDTH) return [...title, ...longMatrix(cells, style, base, page)];
  const head = `${"cue".padEnd(ROW_WIDTH)}${LABELS.map((label) => label.padStart(CELL_WIDTH)).join("")}`;
  const body = ROWS.flatMap((row) => {
    const values = LABELS.map((label) => painted(cells[row][label], style, base, page, CELL_WIDTH)).join("");
    const intervals = LABELS.map((label) => shortInterval(cells[row][label], style).padStart(CELL_WIDTH)).join("");
    return [`${row.padEnd(ROW_WIDTH)}${values}`, page.dim(`${" ".repeat(ROW_WIDTH)}${intervals}`)];
  });
  return [...title, head, ...body, ...sizeLines(profile, page)];
}

/** One cell a line, where the terminal is narrow. */
function longMatrix(
  cells: Profile["matrices"][number]["cells"],
  style: NumberStyle,
  base: number,
  page: Page,
): string[] {
  return ROWS.flatMap((row: Row) => [
    `cue ${row}`,
    ...LABELS.map((label) => estimateLine(label, cells[row][label], style, base, page)),
  ]);
}

function sizeLines(profile: Profile, page: Page): string[] {
  const all = ROWS.flatMap((row) => LABELS.map((label) => primaryMatrix(profile).cells[row][label]));
  const sizes = all.map((cell) => cell.n);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const n = least === most ? String(least) : `${least} to ${most}`;
  const missing = `n ${n} situations a cell, missing at most ${Math.max(...all.map((cell) => cell.missing))}`;
  const lost = lostByRow(profile);
  return brokenLines(lost === "" ? missing : `${missing}; answers lost: ${lost}`, page.width).map(page.dim);
}

function biasBlock({ bias }: Profile, page: Page): string[] {
  const style = differenceStyle(bias.unit);
  const against = bias.reference ? `against ${shownText(bias.reference.name, 40)}` : "against zero";
  const lines = LABELS.map((label) => estimateLine(label, bias.labels[label], style, 0, page));
  return [
    page.bold(`Uncued bias ${against}`),
    ...lines,
    ...brokenLines(shownText(bias.remark, 400), page.width).map(page.dim),
  ];
}

function responsivenessBlock(profile: Profile, page: Page): string[] {
  const { unit, modes } = profile.responsiveness;
  const style = differenceStyle(unit);
  const lines = MODES.flatMap((mode) => [
    estimateLine(mode, modes[mode].responsiveness, style, 0, page),
    ...brokenLines(RESPONSE_TEXT[responseTo(mode, profile)], page.width - 8).map((line) => page.dim(`        ${line}`)),
  ]);
  return [page.bold("Responsiveness: cue minus decoy"), ...lines];
}

function missingBlock(profile: Profile, page: Page): string[] {
  const { silence, totals, position } = profile;
  const { refusals, unparsable, empty, failures } = silence.total;
  const calls = `${countText(totals.calls)} calls, ${countText(totals.promptTokens + totals.completionTokens)} tokens`;
  const replies = unscoredIn(silence);
  const unscored = replies === 0 ? "" : ` ${countText(replies)} replies without log-probabilities.`;
  const missing = `Missing: ${refusals} refused, ${unparsable} unparsable, ${empty} empty, ${failures} failed.${unscored} ${calls}.`;
  const place = position ? `Position: ${shownText(position.remark, 300)} (p ${position.p.toFixed(3)})` : "";
  const letters = lettersText(profile);
  return [missing, letters && `Letters: ${letters}.`, place]
    .filter((one) => one !== "")
    .flatMap((one) => brokenLines(one, page.width));
}

function estimateLine(label: Label, estimate: Estimate, style: NumberStyle, base: number, page: Page): string {
  const interval = estimate.value === null ? "nothing to estimate from" : intervalText(estimate, style);
  const size = estimate.missing > 0 ? `  n ${estimate.n}, missing ${estimate.missing}` : `  n ${estimate.n}`;
  return `  ${nameOf(label, page).padEnd(page.width < WIDE ? 8 : 27)}${painted(estimate, style, base, page, 9)}  ${page.dim(`${interval}${size}`)}`;
}

const WIDE = 84;

function nameOf(label: Label, { width }: Page): string {
  const name = LABEL_NAMES[label];
  return width < WIDE || name === label ? label : `${label} ${name}`;
}

function painted(estimate: Estimate, style: NumberStyle, base: number, page: Page, width: number): string {
  const where = standing(estimate, base);
  const marked = `${numberText(estimate.value, style)}${where === "above" || where === "below" ? "*" : " "}`.padStart(
    width,
  );
  if (where === "above") return page.above(marked);
  return where === "below" ? page.below(marked) : marked;
}

/** `+1.02…+2.18`: at most thirteen characters. */
function shortInterval({ value, low, high }: Estimate, style: NumberStyle): string {
  if (value === null) return "empty ";
  if (low === null || high === null) return "no interval ";
  return `${numberText(low, style).replace(/ (%|pp)$/, "")}…${numberText(high, style).replace(/ (%|pp)$/, "")} `;
}

/** Lines of at most `width` columns, broken at spaces; a longer word stays whole. */
export function brokenLines(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
