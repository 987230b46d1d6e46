import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ourRuleCoder } from "../../src/adapters/rule-files.ts";
import { readTranscripts } from "../../src/adapters/transcripts/read-transcripts.ts";
import { wilson } from "../../src/kernel/intervals.ts";
import type { Coding } from "../../src/model/coding.ts";
import type { Estimate } from "../../src/model/profile.ts";
import { reportAgreement } from "../../src/profile/agree/agree.ts";
import { codingTables } from "../../src/profile/agree/coding-table.ts";
import { numberText } from "../../src/profile/report/number-text.ts";
import type { VerifySuite } from "./suite.ts";

const FOLDER = join(process.env.DASHPOT_TEST_DATA ?? join("..", "shared", "data"), "casino");
const FILES = ["casino_valid.json", "casino_test.json"];
/** Of all utterances, at most: these are campers who share firewood. */
const MOST_COERCIVE = 0.02;

/**
 * People's strategy labels and the mode that each points to (published mapping). What is absent maps to no mode: it tells
 * how somebody bargains (asking for preferences, undervaluing the other's) or nothing.
 */
export const STRATEGY_MODES: Readonly<Record<string, string>> = {
  "promote-coordination": "MP",
  "self-need": "CS",
  "other-need": "CS",
  "showing-empathy": "CS",
  "vouch-fair": "EM",
};

/** K8 on people's texts. */
export const suite: VerifySuite = {
  name: "casino",
  proves: ["K8"],
  title: "The rules on negotiations between people (CaSiNo), beside people's own labels",
  budgetMinutes: 1,
  model: "none",
  doc: "docs/coding.md",
  section: "casino",
  run: async () => {
    const files = FILES.map((name) => join(FOLDER, name));
    if (!files.every((file) => existsSync(file)))
      return { table: "The data is not there: set `DASHPOT_TEST_DATA` to a folder with `casino/`.\n", holds: false };
    const code = ourRuleCoder();
    const utterances: { unit: string; text: string; coding: Coding }[] = [];
    for (const file of files)
      for await (const one of readTranscripts(file))
        if (one.kind === "text") utterances.push({ ...one.unit, coding: code(one.unit.text) });
    const counts = countsOf(utterances);
    const coercive = [7, 9, 10].reduce((sum, rung) => sum + (counts.get(rung) ?? 0), 0);
    const holds = coercive <= MOST_COERCIVE * utterances.length;
    return { table: [severityTable(utterances, counts, coercive), modeTable(utterances, files)].join("\n\n"), holds };
  },
};

type Coded = readonly { readonly unit: string; readonly text: string; readonly coding: Coding }[];

function countsOf(utterances: Coded): Map<number | string, number> {
  const counts = new Map<number | string, number>();
  for (const { coding } of utterances) counts.set(coding.severity, (counts.get(coding.severity) ?? 0) + 1);
  return counts;
}

function severityTable(utterances: Coded, counts: Map<number | string, number>, coercive: number): string {
  const n = utterances.length;
  const [low, high] = wilson(coercive, n).map((end) => (100 * end).toFixed(1));
  const hits = utterances.filter(({ coding }) => typeof coding.severity === "number" && coding.severity >= 7);
  const shown = (text: string) =>
    (text.length > 140 ? `${text.slice(0, 140)} …` : text).replaceAll("|", "\\|").replaceAll("\n", " ");
  return [
    `${n} utterances of ${FILES.length} files. No threats are known among them, so what is found at rung 7, 9 or 10 is a false alarm: ${coercive} (${((100 * coercive) / n).toFixed(1)} %, 95 % interval ${low} to ${high}; asked for: at most ${MOST_COERCIVE * 100} %). Rung 8 is told apart, since "my final offer" is there.`,
    "",
    "| rung | utterances |",
    "| --- | ---: |",
    ...[...counts]
      .sort(([one], [other]) => String(one).localeCompare(String(other), "en", { numeric: true }))
      .map(([rung, count]) => `| ${rung} | ${count} |`),
    "",
    "Every utterance from rung 7 on:",
    "",
    "| rung | rule | utterance |",
    "| ---: | --- | --- |",
    ...hits.map(({ coding, text }) => `| ${coding.severity} | ${coding.reason} | ${shown(text)} |`),
  ].join("\n");
}

interface Annotated {
  readonly dialogue_id: number;
  readonly chat_logs: readonly { readonly text: string }[];
  readonly annotations: readonly (readonly [string, string])[];
}

function modeTable(utterances: Coded, files: readonly string[]): string {
  const labels = new Map<string, readonly string[]>();
  for (const { dialogue_id, chat_logs, annotations } of files.flatMap(
    (file) => JSON.parse(readFileSync(file, "utf8")) as Annotated[],
  ))
    for (const [text, said] of annotations) {
      const turn = chat_logs.findIndex((one) => one.text === text);
      if (turn >= 0)
        labels.set(
          `${dialogue_id}#${turn + 1}`,
          said.split(",").filter((one) => one !== ""),
        );
    }
  const labelled = utterances.filter(({ unit }) => labels.has(unit));
  const mapped = labelled.flatMap(({ unit, coding }) => {
    const modes = new Set((labels.get(unit) ?? []).flatMap((label) => STRATEGY_MODES[label] ?? []));
    return modes.size === 1 ? [{ unit, people: [...modes][0] as string, rules: coding.mode }] : [];
  });
  const { pair } = kappaOf(mapped);
  const left = new Map<string, number>();
  for (const { unit } of labelled)
    for (const label of labels.get(unit) ?? [])
      if (!(label in STRATEGY_MODES)) left.set(label, (left.get(label) ?? 0) + 1);
  return [
    `**Modes beside people's strategy labels.** ${labelled.length} utterances carry labels; ${mapped.length} of them point to one mode by the mapping ${Object.entries(
      STRATEGY_MODES,
    )
      .map(([label, mode]) => `${label} → ${mode}`)
      .join(
        ", ",
      )}. What maps to none: ${[...left].map(([label, count]) => `${label} ${count}`).join(", ")}. The labels tell how somebody bargains, not which relation they act on, so little agreement is to be expected.`,
    "",
    "| κ of mode, rules and people | interval | n | missing |",
    "| ---: | --- | ---: | ---: |",
    `| ${numberText(pair.value, "coefficient")} | ${numberText(pair.low, "coefficient")} to ${numberText(pair.high, "coefficient")} | ${pair.n} | ${pair.missing} |`,
    "",
    confusion(mapped),
  ].join("\n");
}

type Pairs = readonly { readonly unit: string; readonly people: string; readonly rules: string }[];

function kappaOf(pairs: Pairs): { pair: Estimate } {
  const rows = pairs.flatMap(({ unit, people, rules }, line) => [
    { unit, coder: "people", value: people, dimension: "mode", line },
    { unit, coder: "rules", value: rules, dimension: "mode", line },
  ]);
  const { dimensions } = reportAgreement(codingTables(rows, "casino"), {
    gold: null,
    families: new Map(),
    order: null,
    seed: 1,
    draws: 2000,
    dashpot: "",
  });
  return { pair: dimensions[0]?.pairs[0]?.kappa as Estimate };
}

function confusion(pairs: Pairs): string {
  const columns = ["CS", "AR", "EM", "MP", "asocial", "cannot-tell", "not-codable"];
  const rows = ["CS", "EM", "MP"].map((mode) => {
    const cells = columns.map((rules) => pairs.filter((one) => one.people === mode && one.rules === rules).length);
    return `| ${mode} | ${cells.join(" | ")} |`;
  });
  return [
    `| people \\ rules | ${columns.join(" | ")} |`,
    `| --- | ${columns.map(() => "---:").join(" | ")} |`,
    ...rows,
  ].join("\n");
}
