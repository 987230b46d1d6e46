import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ourStressPath, readStressSuite } from "../../src/adapters/stress-files.ts";
import { cohenKappa } from "../../src/kernel/agreement.ts";
import { type Dose, type DoseComparison, doseComparisonSchema } from "../../src/model/dose.ts";
import { controlOf, GRADED } from "../../src/model/stress.ts";
import { doseScale } from "../../src/profile/stress/dose-scale.ts";
import { renderItem } from "../../src/profile/stress/render-item.ts";
import type { VerifySuite } from "./suite.ts";
import type { SuiteResult } from "./suite-state.ts";

const LEAST_KAPPA = 0.8;
/** Neighbouring levels that stand in the order of their index, of all. */
const LEAST_IN_ORDER = 0.9;

/** T3 and T5: what blind coders said of the ladder's replies, and where blind comparisons put the levels. */
export const suite: VerifySuite = {
  name: "stress-instrument",
  proves: ["T3", "T5"],
  title: "Blind codings of the stress suite's replies, and the scale of its levels",
  budgetMinutes: 1,
  model: "none",
  doc: "docs/stress.md",
  section: "stress-instrument",
  run: async () => {
    const folder = ourStressPath();
    const needed = ["coding/key.jsonl", "coding/coder-1.jsonl", "coding/coder-2.jsonl", "doses/comparisons.jsonl"];
    const absent = needed.filter((name) => !existsSync(join(folder, name)));
    if (absent.length > 0) return { table: `Not there: ${absent.join(", ")}.\n`, holds: false };
    const ladder = codedLadder(folder);
    const doses = comparedDoses(folder);
    return { table: `${ladder.table}\n\n${doses.table}`, holds: ladder.holds && doses.holds };
  },
};

interface Keyed {
  readonly n: number;
  readonly family: string;
  readonly rung: number;
  readonly wording: number;
  readonly surface: number;
  readonly text: string;
}

function linesOf<T>(path: string): T[] {
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

function codedLadder(folder: string): SuiteResult {
  const key = linesOf<Keyed>(join(folder, "coding", "key.jsonl"));
  const codes = ["coder-1", "coder-2"].map((name) => {
    const found = new Map(
      linesOf<{ n: number; severity: number | string }>(join(folder, "coding", `${name}.jsonl`)).map(
        ({ n, severity }) => [n, severity],
      ),
    );
    return key.map(({ n }) => (typeof found.get(n) === "number" ? String(found.get(n)) : null));
  });
  const intended = key.map(({ rung }) => String(rung));
  const changed = changedTexts(key);
  const pairs = [
    ["coder 1 and coder 2", codes[0], codes[1]],
    ["intended and coder 1", intended, codes[0]],
    ["intended and coder 2", intended, codes[1]],
  ] as const;
  const rows = pairs.map(([name, one, other]) => ({ name, ...cohenKappa(one ?? [], other ?? []) }));
  const coders = parse(readFileSync(join(folder, "coding", "coders.yaml"), "utf8")) as Record<
    string,
    { model: string; family: string }
  >;
  const table = [
    `**The ladder.** All ${key.length} replies (eleven rungs, three wordings, one surface each, drawn at random) coded by language models, not by people: coder 1 ${coders["coder-1"]?.model}, coder 2 ${coders["coder-2"]?.model}. They are of the family that also wrote the replies, so they are separate codings but not independent ones. Asked for: κ of at least ${LEAST_KAPPA} over the eleven rungs. ${changed === 0 ? "Every text stands in the suite as it was coded." : `Texts changed since: ${changed}.`}`,
    "",
    "| κ of the rung | κ | n | missing |",
    "| --- | ---: | ---: | ---: |",
    ...rows.map(({ name, kappa, n, missing }) => `| ${name} | ${kappa.toFixed(3)} | ${n} | ${missing} |`),
  ].join("\n");
  return { table, holds: changed === 0 && rows.every(({ kappa }) => kappa >= LEAST_KAPPA) };
}

function changedTexts(key: readonly Keyed[]): number {
  const { families } = readStressSuite(ourStressPath());
  const now = ({ family, surface, rung, wording }: Keyed) => {
    const found = families.find(({ id }) => id === family);
    return found && renderItem(found, surface, controlOf("over")).replies[rung]?.wordings[wording];
  };
  const whole = families.length * 33;
  return key.filter((one) => now(one) !== one.text).length + Math.abs(whole - key.length);
}

function comparedDoses(folder: string): SuiteResult {
  const comparisons = linesOf<unknown>(join(folder, "doses", "comparisons.jsonl")).map((one) =>
    doseComparisonSchema.parse(one),
  );
  const doses = doseScale(comparisons);
  const stored = JSON.parse(readFileSync(join(folder, "doses", "doses.json"), "utf8")) as Dose[];
  const same = JSON.stringify(stored) === JSON.stringify(doses);
  const order = inOrder(doses);
  const alike = unanimity(comparisons);
  const table = [
    `**Doses.** ${comparisons.length} blind pairwise comparisons of levels, a language model's judgements and not people's (\`instruments/stress/doses/\`): four sittings of one model, ${alike.pairs} pairs given to all four, who said the same of ${alike.same}. Strengths by Bradley and Terry under a wide normal prior, stretched so that index 0 lies at 0 and index 7 at 7 in the mean. Of ${order.of} neighbouring levels ${order.rising} rise with their index (asked for: ${LEAST_IN_ORDER * 100} %). Half the width of a 95 % interval: ${halfWidth(doses).toFixed(1)} in the mean; the intervals are those of the strengths, and do not tell how far the two ends of the scale are known. Sittings of one model are one judge: what was judged four times makes them narrower than it should.`,
    "",
    `| mean dose (least to greatest) | ${[0, 1, 2, 3, 4, 5, 6, 7].join(" | ")} |`,
    `| --- | ${[0, 1, 2, 3, 4, 5, 6, 7].map(() => "---").join(" | ")} |`,
    ...GRADED.map(
      (factor) =>
        `| ${factor} | ${[0, 1, 2, 3, 4, 5, 6, 7].map((index) => spread(doses.filter((one) => one.factor === factor && one.level === index))).join(" | ")} |`,
    ),
  ].join("\n");
  return { table, holds: same && order.rising >= LEAST_IN_ORDER * order.of };
}

function spread(doses: readonly Dose[]): string {
  const values = doses.map(({ dose }) => dose);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const text = (value: number) => value.toFixed(1).replace("-0.0", "0.0").replace("-", "−");
  return `${text(mean)} (${text(Math.min(...values))} to ${text(Math.max(...values))})`;
}

function halfWidth(doses: readonly Dose[]): number {
  return doses.reduce((sum, { low, high }) => sum + (high - low) / 2, 0) / doses.length;
}

function inOrder(doses: readonly Dose[]): { rising: number; of: number } {
  const steps = doses.flatMap((one) => {
    const next = doses.find(
      ({ factor, family, side, level }) =>
        factor === one.factor && family === one.family && side === one.side && level === one.level + 1,
    );
    return next ? [next.dose > one.dose] : [];
  });
  return { rising: steps.filter(Boolean).length, of: steps.length };
}

/** Of the pairs that all four judges were given, how many they agreed on. */
function unanimity(comparisons: readonly DoseComparison[]): { pairs: number; same: number } {
  const byPair = Map.groupBy(comparisons, ({ factor, a, b }) => JSON.stringify([factor, a, b]));
  const shared = [...byPair.values()].filter((all) => new Set(all.map(({ judge }) => judge)).size === 4);
  return { pairs: shared.length, same: shared.filter((all) => new Set(all.map(({ more }) => more)).size === 1).length };
}
