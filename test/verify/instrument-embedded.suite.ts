import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ourBankPath, readSurfaces } from "../../src/adapters/bank-files.ts";
import { readProfile } from "../../src/adapters/references.ts";
import { variance } from "../../src/kernel/summary.ts";
import type { Bank } from "../../src/model/bank.ts";
import { LABELS, ROWS } from "../../src/model/label.ts";
import type { Answer, ItemReference } from "../../src/model/language-model.ts";
import { codeScore } from "../../src/profile/code-answer.ts";
import { designCalls, type ScoreCall } from "../../src/profile/design.ts";
import { estimateResponsiveness } from "../../src/profile/estimate-cells.ts";
import { generateBank } from "../../src/profile/instrument/generate.ts";
import { parseBank } from "../../src/profile/instrument/parse-bank.ts";
import type { SituationTable } from "../../src/profile/situation-table.ts";
import { tabulateScore } from "../../src/profile/tabulate-score.ts";
import { cellMeans } from "../calibration/reliability.ts";
import { fixturePlan } from "../fixtures/simulate-run.ts";
import { ScoringPool } from "./scoring-pool.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";
import { cellCorrelation, DECOY_HEAD, decoyLines, tablesOf, winHead, winLine } from "./win-table.ts";

const SEEDS = [1, 2, 3, 4, 5];

/** What is asked of every bank before the next is begun: an interrupted run has the same of all. */
const ARMS: readonly ItemReference["arm"][] = ["bank", "decoy", "content-free"];

interface Form {
  readonly seed: number;
  readonly bank: Bank;
  readonly tables: readonly SituationTable[];
}

/** I19, I20: five generated banks on the embedded model, whole: wins, cue against decoy, and agreement with ours. */
export const suite: VerifySuite = {
  name: "instrument-embedded",
  proves: ["I19", "I20"],
  title: "Five generated banks on the embedded model: wins, cue against decoy, agreement with ours",
  budgetMinutes: 175,
  model: "embedded",
  doc: "docs/instrument.md",
  section: "instrument-embedded",
  run: async (context) => {
    const { profile } = await readProfile(join(references(), "embedded-smollm2-135m.json"));
    const ours = tablesOf(profile);
    const forms = await scoreGenerated(context);
    const lines = forms.map(({ seed, tables }) => winLine(`generated, seed ${seed}`, tables));
    const decoys = forms.flatMap(({ seed, tables }) =>
      decoyLines(estimateResponsiveness(tables, "score"), `generated, seed ${seed}`),
    );
    const parallel = forms
      .map(({ seed, tables }) => `seed ${seed} ${cellCorrelation(ours, [...tables]).toFixed(3)}`)
      .join(", ");
    const errors = measurementErrors(ours, forms);
    if (!context.quick) keep(profile.bank.hash, forms, errors);
    const told = [
      `Correlation of the thirty cells with our bank's, same situations: ${parallel}.`,
      `Standard error of measurement, from the six forms, root mean square: thirty cells ${rootMeanSquare(errors.cells).toFixed(3)} nats, six biases ${rootMeanSquare(errors.bias).toFixed(3)} nats.`,
    ];
    return {
      table: [...winHead(), ...lines.map(({ text }) => text), "", ...DECOY_HEAD, ...decoys, "", ...told].join("\n"),
      holds: lines.every(({ passes }) => passes),
    };
  },
};

function references(): string {
  return join(ourBankPath(), "references");
}

/** Standard deviation over the forms of the mean of each cell, rows by labels, and of each bias; nats. */
function measurementErrors(ours: readonly SituationTable[], forms: readonly Form[]) {
  const all = [ours, ...forms.map(({ tables }) => tables)].map(cellMeans);
  const errors = (all[0] ?? []).map((_, place) => Math.sqrt(variance(all.map((form) => form[place] ?? Number.NaN))));
  const cells = ROWS.length * LABELS.length;
  return { cells: errors.slice(0, cells), bias: errors.slice(cells) };
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}

/** For comparisons of models that were measured on banks of one parent. */
function keep(parent: string, forms: readonly Form[], { cells, bias }: ReturnType<typeof measurementErrors>): void {
  const named = (values: readonly number[]) => Object.fromEntries(LABELS.map((label, at) => [label, values[at]]));
  const stored = {
    schema: "dashpot/measurement-error@1",
    model: "embedded:smollm2-135m",
    parent,
    forms: forms.map(({ seed, bank }) => ({ seed, hash: bank.hash })),
    situations: forms[0]?.tables.length ?? 0,
    unit: "nats",
    cells: Object.fromEntries(ROWS.map((row, at) => [row, named(cells.slice(at * LABELS.length))])),
    bias: named(bias),
  };
  writeFileSync(join(references(), "measurement-error.json"), `${JSON.stringify(stored, null, 2)}\n`);
}

/** The rows of five generated banks scored; each prompt is kept in the suite's state. */
async function scoreGenerated(context: SuiteContext): Promise<Form[]> {
  const surfaces = readSurfaces();
  const seeds = context.quick ? SEEDS.slice(0, 1) : SEEDS;
  const banks = seeds.map((seed) => ({ seed, bank: parseBank(generateBank(surfaces, { seed })) }));
  const pool = new ScoringPool();
  try {
    for (const arm of ARMS) {
      for (const { seed, bank } of banks) {
        context.log(`seed ${seed}: ${arm}`);
        await scoreAll(
          bank,
          callsOf(bank, context).filter(({ request }) => request.item.arm === arm),
          pool,
          context,
        );
      }
    }
  } finally {
    pool.close();
  }
  return banks.map(({ seed, bank }) => ({ seed, bank, tables: tablesFrom(bank, context) }));
}

function callsOf(bank: Bank, { quick }: SuiteContext): ScoreCall[] {
  return designCalls(bank, fixturePlan(bank, { set: quick ? "quick" : "full" })).filter(
    (call): call is ScoreCall => call.kind === "score" && ARMS.includes(call.request.item.arm),
  );
}

async function scoreAll(bank: Bank, calls: readonly ScoreCall[], pool: ScoringPool, context: SuiteContext) {
  const { state, signal } = context;
  const open = calls.filter((call) => !state.has(keyOf(bank, call))).values();
  const lane = async () => {
    for (const call of open) state.put(keyOf(bank, call), await pool.score(call.request, signal));
  };
  await Promise.all(Array.from({ length: pool.size }, lane));
}

function tablesFrom(bank: Bank, context: SuiteContext): readonly SituationTable[] {
  const answers = callsOf(bank, context).map((call) =>
    codeScore(call, context.state.get<Answer>(keyOf(bank, call)) as Answer),
  );
  return tabulateScore(answers, { temperature: 1 });
}

function keyOf(bank: Bank, call: ScoreCall): string {
  return `${bank.hash} ${call.key}`;
}
