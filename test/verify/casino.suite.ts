import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ourLikelihood } from "../../src/adapters/coding-files.ts";
import { ourRuleCoder } from "../../src/adapters/rule-files.ts";
import { readTranscripts } from "../../src/adapters/transcripts/read-transcripts.ts";
import { wilson } from "../../src/kernel/intervals.ts";
import { CANNOT_TELL, type Coding, NOT_CODABLE } from "../../src/model/coding.ts";
import { LABELS } from "../../src/model/label.ts";
import { codeLikelihood } from "../../src/profile/code/likelihood-coder.ts";
import { descriptionsOf } from "../../src/profile/code/likelihood-set.ts";
import { numberText } from "../../src/profile/report/number-text.ts";
import { clusterEstimate, kappaOfPairs } from "../coding/cluster-bootstrap.ts";
import { scoreTexts } from "../coding/likelihood-scores.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const FOLDER = join(process.env.DASHPOT_TEST_DATA ?? join("..", "shared", "data"), "casino");
const FILES = ["casino_valid.json", "casino_test.json"];
/** Of all utterances, at most: these are campers who share firewood. */
const MOST_COERCIVE = 0.02;
const QUICK = 4;

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

/** K8, K28 on people's texts. */
export const suite: VerifySuite = {
  name: "casino",
  proves: ["K8", "K28"],
  title: "The rules and the likelihood coder on negotiations between people (CaSiNo), beside people's own labels",
  budgetMinutes: 30,
  model: "embedded",
  doc: "docs/coding.md",
  section: "casino",
  run: async (context) => {
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
    const modes = await modeTable(utterances, files, context);
    return { table: [severityTable(utterances, counts, coercive), modes].join("\n\n"), holds };
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

/** People's labels, by utterance. */
function labelsIn(files: readonly string[]): Map<string, readonly string[]> {
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
  return labels;
}

interface Mapped {
  readonly unit: string;
  readonly people: string;
  readonly rules: string;
  readonly likelihood: string;
}

async function modeTable(utterances: Coded, files: readonly string[], context: SuiteContext): Promise<string> {
  const labels = labelsIn(files);
  const labelled = utterances.filter(({ unit }) => labels.has(unit));
  const pointing = labelled.flatMap((one) => {
    const modes = new Set((labels.get(one.unit) ?? []).flatMap((label) => STRATEGY_MODES[label] ?? []));
    return modes.size === 1 ? [{ ...one, people: [...modes][0] as string }] : [];
  });
  const several = labelled.filter(
    ({ unit }) => new Set((labels.get(unit) ?? []).flatMap((label) => STRATEGY_MODES[label] ?? [])).size > 1,
  ).length;
  const some = context.quick ? pointing.slice(0, QUICK) : pointing;
  const modes = await likelihoodModes(
    some.map(({ text }) => text),
    context,
  );
  const mapped = some.map(({ unit, people, coding }, at) => ({
    ...{ unit, people, rules: coding.mode, likelihood: modes[at] as string },
  }));
  const left = new Map<string, number>();
  for (const { unit } of labelled)
    for (const label of labels.get(unit) ?? [])
      if (!(label in STRATEGY_MODES)) left.set(label, (left.get(label) ?? 0) + 1);
  return [
    `**Modes beside people's strategy labels.** ${labelled.length} utterances carry labels; ${pointing.length} of them point to one mode by the mapping ${Object.entries(
      STRATEGY_MODES,
    )
      .map(([label, mode]) => `${label} → ${mode}`)
      .join(
        ", ",
      )}, ${several} to several and are left out. What maps to none: ${[...left].map(([label, count]) => `${label} ${count}`).join(", ")}. The labels tell how somebody bargains, not which relation they act on, so little agreement is to be expected. Intervals: bootstrap over dialogues.`,
    "",
    "| coder | κ of mode with people | 95 % interval | n | cannot tell or read |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...(["rules", "likelihood"] as const).map((coder) => kappaLine(coder, mapped)),
    "",
    ...(["rules", "likelihood"] as const).flatMap((coder) => [confusion(coder, mapped), ""]),
  ].join("\n");
}

async function likelihoodModes(texts: readonly string[], context: SuiteContext): Promise<string[]> {
  const { set, hash, fit } = ourLikelihood();
  const descriptions = descriptionsOf(set, ["mode"]);
  const scores = await scoreTexts(`${hash.slice(0, 12)} casino`, texts, descriptions, context);
  return scores.map((one) => {
    const outcome = codeLikelihood(set, fit, ["mode"], one);
    return "silence" in outcome ? "failed" : outcome.mode;
  });
}

/** Codes of which κ takes no account. */
const UNCODED: ReadonlySet<string> = new Set([CANNOT_TELL, NOT_CODABLE, "failed"]);

function kappaLine(coder: "rules" | "likelihood", mapped: readonly Mapped[]): string {
  const coded = mapped.filter((one) => !UNCODED.has(one[coder]));
  const dialogues = [...Map.groupBy(coded, ({ unit }) => unit.split("#")[0]).values()];
  const kappa = (units: readonly Mapped[]) => kappaOfPairs(units.map((one) => [one.people, one[coder]]));
  const { value, low, high } = clusterEstimate(dialogues, kappa, `casino ${coder}`);
  const told = [value, low, high].map((number) => numberText(number, "coefficient"));
  return `| ${coder} | ${told[0]} | ${told[1]} to ${told[2]} | ${coded.length} | ${mapped.length - coded.length} |`;
}

function confusion(coder: "rules" | "likelihood", mapped: readonly Mapped[]): string {
  const columns = [...LABELS, CANNOT_TELL, NOT_CODABLE];
  const rows = ["CS", "EM", "MP"].map((mode) => {
    const cells = columns.map((said) => mapped.filter((one) => one.people === mode && one[coder] === said).length);
    return `| ${mode} | ${cells.join(" | ")} |`;
  });
  return [
    `| people \\ ${coder} | ${columns.join(" | ")} |`,
    `| --- | ${columns.map(() => "---:").join(" | ")} |`,
    ...rows,
  ].join("\n");
}
