import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { clopperPearson } from "../../src/kernel/intervals.ts";
import { intervalPlot } from "../../src/profile/report/interval-plot.ts";
import { FEWEST_RUNS, type Govsim, type OverHarvest, overHarvest, readGovsim } from "../coding/govsim.ts";
import { ROOT } from "../house/temporary-folder.ts";
import type { VerifySuite } from "./suite.ts";

const PICTURE = "docs/images/govsim.svg";
const ABSENT = "The data is not there: set `DASHPOT_TEST_DATA` to a folder with `govsim/`.\n";

/** K29. */
export const suite: VerifySuite = {
  name: "govsim",
  proves: ["K29"],
  title: "Agents that share a commons (GovSim): what they take, and when it is decided",
  budgetMinutes: 5,
  model: "none",
  doc: "docs/govsim.md",
  section: "govsim",
  run: async (context) => {
    const data = await readGovsim();
    if (data === null) return { table: ABSENT, holds: false };
    const taken = overHarvest(data);
    if (!context.quick) writeFileSync(join(ROOT, PICTURE), pictureOf(taken));
    return { table: [takenTable(taken), firstMonth(data), utterances(data)].join("\n\n"), holds: true };
  },
};

function takenTable(taken: readonly OverHarvest[]): string {
  const ranked = taken.filter(({ model, runs }) => model !== "unknown" && runs >= FEWEST_RUNS).length;
  const rows = taken.map(({ model, runs, hits, harvests, share }) => {
    const interval =
      share.low === null ? "no interval from one run" : `${percent(share.low)} to ${percent(share.high)}`;
    return `| ${model} | ${runs} | ${hits} of ${harvests} | ${percent(share.value)} | ${interval} |`;
  });
  return [
    "### What they take",
    "",
    `Share of harvests that take more than the sustainable part (above half of the pool before, divided by the agents), in the fishing runs; each run counts once, and runs are the clusters. ${ranked} models have ${FEWEST_RUNS} runs or more and stand first, by their share; the others are not ranked and stand by name, runs of an unknown model last.`,
    "",
    "| model | runs | harvests above | mean over runs | 95 % interval |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...rows,
    "",
    `![Share of harvests above the sustainable part, by model](images/govsim.svg)`,
  ].join("\n");
}

function firstMonth({ runs }: Govsim): string {
  const lines = [true, false].map((fishing) => {
    const of = runs.filter((run) => run.fishing === fishing && run.collapsed);
    const first = of.filter(({ rounds }) => rounds === 1).length;
    const left = of.filter(({ finalPool, rounds }) => fishing && finalPool > 0 && rounds > 1).length;
    const [low, high] = clopperPearson(first, of.length);
    const all = runs.filter((run) => run.fishing === fishing).length;
    return `| ${fishing ? "fishing" : "waste"} | ${all} | ${of.length} | ${first} | ${percent(first / of.length)} (${percent(low)} to ${percent(high)}) | ${fishing ? left : "–"} |`;
  });
  return [
    "### When it is decided",
    "",
    "| scenario | runs | ended early | of them in month 1 | share (95 % interval) | ended later with fish left |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...lines,
  ].join("\n");
}

function utterances({ runs, english, otherLanguages, apart }: Govsim): string {
  const japanese = runs.filter(({ language }) => language !== "en").length;
  return [
    "### What they say",
    "",
    `${english.length} utterances of agents are in English; ${otherLanguages} in other languages are not codable and counted apart (${japanese} runs are Japanese), and so are ${[...apart].map(([what, count]) => `${count} ${what}`).join(", ")}. Which modes they carry is not measured yet.`,
  ].join("\n");
}

function percent(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(0)} %`;
}

/** Ink of a page of its own: a picture in a document knows no style sheet. */
const INK: Readonly<Record<string, string>> = {
  "var(--paper)": "#ffffff",
  "var(--line)": "#d9d9d9",
  "var(--ink)": "#222222",
};

export function pictureOf(taken: readonly OverHarvest[]): string {
  const groups = taken.map(({ model, runs }) => `${model.replace(/^.*\//, "")}, ${runs} run${runs === 1 ? "" : "s"}`);
  const series = { name: "share", symbol: "circle", filled: true, colour: "#0b6e63" } as const;
  const { document } = parseHTML("<html></html>");
  const { markup } = intervalPlot({
    ...{ document: document as never, style: "share", groups, width: 720, labels: 230, band: 26 },
    alternative: "Share of harvests above the sustainable part, by model",
    axis: "harvests above the sustainable part, mean over runs, %",
    points: taken.map(({ share }, at) => ({ group: groups[at] as string, series, estimate: share })),
  });
  const inked = Object.entries(INK).reduce((text, [name, colour]) => text.replaceAll(name, colour), markup);
  const paper = '<rect width="100%" height="100%" fill="#ffffff"/>';
  return `${inked.replace("<svg ", '<svg color="#222222" font-family="sans-serif" ').replace(/(<svg [^>]*>)/, `$1${paper}`)}\n`;
}
