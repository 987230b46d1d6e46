import { homedir } from "node:os";
import { join } from "node:path";
import { ourBankPath, readBank, readSurfaces } from "../../src/adapters/bank-files.ts";
import { openLanguageModel } from "../../src/adapters/language-models/open-language-model.ts";
import { readProfile } from "../../src/adapters/references.ts";
import { pearson } from "../../src/kernel/agreement.ts";
import type { Bank } from "../../src/model/bank.ts";
import { LABELS, MODES, ROWS } from "../../src/model/label.ts";
import type { Answer, LanguageModel } from "../../src/model/language-model.ts";
import type { Estimate, Profile } from "../../src/model/profile.ts";
import { codeScore } from "../../src/profile/code-answer.ts";
import { chooseSituations, designCalls, type ScoreCall } from "../../src/profile/design.ts";
import { clustered, estimateProportion } from "../../src/profile/estimate-cells.ts";
import { generateBank } from "../../src/profile/instrument/generate.ts";
import { parseBank } from "../../src/profile/instrument/parse-bank.ts";
import type { SituationTable } from "../../src/profile/situation-table.ts";
import { tabulateScore } from "../../src/profile/tabulate-score.ts";
import { fixturePlan } from "../fixtures/simulate-run.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const SEEDS = [1, 2, 3, 4, 5];
const CHANCE = 1 / LABELS.length;

/** I20: wins of the cued mode on the embedded model for our bank and five generated ones, and cue against decoy. */
export const suite: VerifySuite = {
  name: "instrument-embedded",
  proves: ["I20"],
  title: "Wins of the cued mode and cue against decoy on the embedded model",
  budgetMinutes: 120,
  model: "embedded",
  doc: "docs/instrument.md",
  section: "instrument-embedded",
  run: async (context) => {
    const bank = await readBank(ourBankPath());
    const { profile } = await readProfile(join(ourBankPath(), "references", "embedded-smollm2-135m.json"));
    const quick = new Set(chooseSituations(bank, "quick").map(({ id }) => id));
    const ours = tablesOf(profile);
    const lines = [
      winLine(
        "our bank, quick set",
        ours.filter(({ id }) => quick.has(id)),
      ),
      winLine("our bank, full set", ours),
    ];
    const forms = await scoreGenerated(context);
    for (const { seed, tables } of forms) lines.push(winLine(`generated, seed ${seed}`, tables));
    const parallel = forms
      .map(({ seed, tables }) => `seed ${seed} ${pearson(means(ours, tables), means(tables, ours)).toFixed(3)}`)
      .join(", ");
    const table = [
      ...winHead(),
      ...lines.map(({ text }) => text),
      "",
      `Correlation of the thirty cells with our bank's, same situations: ${parallel}.`,
      "",
      ...decoyTable(profile),
    ];
    return { table: table.join("\n"), holds: lines.slice(1).every(({ passes }) => passes) };
  },
};

/** The rows of five generated banks scored; each prompt is kept in the suite's state. */
async function scoreGenerated(context: SuiteContext): Promise<{ seed: number; tables: SituationTable[] }[]> {
  const surfaces = readSurfaces();
  const home = process.env.DASHPOT_HOME ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "dashpot");
  const model = await openLanguageModel("embedded:smollm2-135m", { environment: process.env, home });
  try {
    const forms = [];
    for (const seed of context.quick ? SEEDS.slice(0, 1) : SEEDS) {
      const bank = parseBank(generateBank(surfaces, { seed }));
      forms.push({ seed, tables: await scoreBank(bank, seed, model, context) });
    }
    return forms;
  } finally {
    await model.close();
  }
}

async function scoreBank(
  bank: Bank,
  seed: number,
  model: LanguageModel,
  { state, signal, log, quick }: SuiteContext,
): Promise<SituationTable[]> {
  const plan = fixturePlan(bank, { set: quick ? "quick" : "full" });
  const calls = designCalls(bank, plan).filter(
    (call): call is ScoreCall => call.kind === "score" && call.request.item.arm === "bank",
  );
  const measured = [];
  for (const [index, call] of calls.entries()) {
    const key = `${bank.hash} ${call.key}`;
    const known = state.get(key) as Answer | undefined;
    const answer = known ?? (await model.score?.(call.request, signal));
    if (!answer) throw new TypeError("the embedded model scores");
    if (!known) await state.put(key, answer);
    if (!known && index % 60 === 59) log(`seed ${seed}: ${index + 1} of ${calls.length} prompts`);
    measured.push(codeScore(call, answer));
  }
  return tabulateScore(measured, { temperature: 1 });
}

/** The tables that a stored profile keeps: margins; a row is won by the label of greatest margin. */
function tablesOf({ situations }: Profile): SituationTable[] {
  return situations.map(({ id, domain, rank, cells, bias }) => {
    const empty = { CS: null, AR: null, EM: null, MP: null };
    const win = Object.fromEntries(
      ROWS.map((row) => {
        const top = Math.max(...LABELS.map((label) => cells[row][label] ?? Number.NEGATIVE_INFINITY));
        return [row, Object.fromEntries(LABELS.map((label) => [label, cells[row][label] === top ? 1 : 0]))];
      }),
    ) as unknown as SituationTable["win"];
    return {
      id,
      domain,
      rank,
      primary: cells,
      win,
      distribution: cells,
      bias,
      cue: empty,
      decoy: empty,
      validation: { asocial: null, null: null },
    };
  });
}

function means(tables: readonly SituationTable[], paired: readonly SituationTable[]): number[] {
  const known = new Set(paired.map(({ id }) => id));
  const some = tables.filter(({ id }) => known.has(id));
  return ROWS.flatMap((row) =>
    LABELS.map((label) => some.reduce((sum, { primary }) => sum + (primary[row][label] ?? 0), 0) / some.length),
  );
}

function winHead(): string[] {
  return ["| bank | CS | AR | EM | MP | all four | passes |", "| --- | --- | --- | --- | --- | --- | --- |"];
}

/** Passes where the lower end of every row's interval is above chance, one in six. */
function winLine(name: string, tables: readonly SituationTable[]): { text: string; passes: boolean } {
  const rows = MODES.map((mode) => estimateProportion(clustered(tables, ({ win }) => win[mode][mode])));
  const all = MODES.reduce((sum, mode) => sum + tables.filter(({ win }) => win[mode][mode] === 1).length, 0);
  const passes = rows.every(({ low }) => (low ?? 0) > CHANCE);
  const told = rows.map(
    (estimate) =>
      `${Math.round((estimate.value ?? 0) * estimate.n)} of ${estimate.n} [${(estimate.low ?? 0).toFixed(2)}, ${(estimate.high ?? 1).toFixed(2)}]`,
  );
  return {
    text: `| ${name} | ${told.join(" | ")} | ${all} of ${MODES.length * tables.length} | ${passes ? "pass" : "fail"} |`,
    passes,
  };
}

function decoyTable({ responsiveness }: Profile): string[] {
  const told = ({ value, low, high }: Estimate) => `${value?.toFixed(2)} [${low?.toFixed(2)}, ${high?.toFixed(2)}]`;
  const lines = MODES.map((mode) => {
    const { cue, decoy, responsiveness: beyond } = responsiveness.modes[mode];
    const verdict = (beyond.low ?? 0) > 0 ? "pass" : "fail";
    return `| ${mode} | ${told(cue)} | ${told(decoy)} | ${told(beyond)} | ${beyond.n} | ${verdict} |`;
  });
  const head = [
    "| mode | cue, nats | decoy, nats | responsiveness, nats | n | responds beyond the words |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  return [...head, ...lines];
}
