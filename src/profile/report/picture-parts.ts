import { shownText } from "../../model/shown-text.ts";
import { escapeHtml } from "./html-text.ts";

/** First the family that is bundled for rasterising; the others where a browser shows the SVG. */
export const PICTURE_FONT = "Inter, 'Segoe UI', 'DejaVu Sans', sans-serif";

export const INK = "#14181d";
export const SOFT = "#4a525c";
const VARIABLES: Readonly<Record<string, string>> = {
  "var(--paper)": "#ffffff",
  "var(--ink)": INK,
  "var(--line)": "#d5dae0",
  "var(--cue)": "#0b5d99",
  "var(--decoy)": "#9a4d00",
};

/** A plot of the page as a part of a picture: in light colours, without a text alternative of its own. */
export function placedPlot(markup: string, x: number, y: number): string {
  return Object.entries(VARIABLES)
    .reduce((drawn, [name, value]) => drawn.replaceAll(name, value), markup)
    .replaceAll("currentColor", INK)
    .replace(/ role="img" aria-label="[^"]*"/, "")
    .replace("<svg ", `<svg x="${x}" y="${y}" `);
}

interface TextStyle {
  readonly size: number;
  readonly weight?: number;
  readonly anchor?: "middle";
  readonly colour?: string;
}

/** One line of a picture; `content` is markup. */
export function text(x: number, y: number, content: string, { size, weight = 400, anchor, colour }: TextStyle): string {
  const attributes = [
    `x="${x}" y="${y}" font-size="${size}"`,
    weight === 400 ? "" : ` font-weight="${weight}"`,
    anchor ? ` text-anchor="${anchor}"` : "",
    colour ? ` fill="${colour}"` : "",
  ];
  return `<text ${attributes.join("")}>${content}</text>`;
}

/** Someone's text as markup. */
export function escaped(source: string, maximumLength: number): string {
  return escapeHtml(shownText(source, maximumLength));
}

/** Lines of at most so many characters, broken at spaces. */
export function wrapped(source: string, width: number): string[] {
  const lines = [""];
  for (const word of source.split(" ")) {
    const line = lines.at(-1) as string;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
