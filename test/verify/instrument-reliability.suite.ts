import { ourBankPath, readBank, readSurfaces } from "../../src/adapters/bank-files.ts";
import { readProfile } from "../../src/adapters/references.ts";
import { pearson, spearmanBrown } from "../../src/kernel/agreement.ts";
import { randomStream } from "../../src/kernel/random.ts";
import { LABELS, ROWS } from "../../src/model/label.ts";
import type { Profile } from "../../src/model/profile.ts";
import { generateBank } from "../../src/profile/instrument/generate.ts";
import { parseBank } from "../../src/profile/instrument/parse-bank.ts";
import { POLICIES, type PolicyModel, policyModel, USUAL_SPREAD } from "../../src/profile/policy.ts";
import { codeRun, designRun, type RunDesign } from "../../src/profile/profile-model.ts";
import { tabulateScore } from "../../src/profile/tabulate-score.ts";
import { cellMeans, halves, reliabilityOf } from "../calibration/reliability.ts";
import { askPolicy, fixturePlan } from "../fixtures/simulate-run.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const MODELS = 60;
const FORMS = 6;

interface Simulated {
  /** By form: the thirty cells and six biases. */
  readonly forms: readonly (readonly number[])[];
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** I19: split-half and parallel-form reliability over simulated models, and over the embedded model's thirty cells. */
export const suite: VerifySuite = {
  name: "instrument-reliability",
  proves: ["I19"],
  title: "Split-half and parallel-form reliability with the standard error of measurement",
  budgetMinutes: 10,
  model: "none",
  doc: "docs/instrument.md",
  section: "instrument-reliability",
  run: async (context) => {
    const designs = await formDesigns();
    const models: Simulated[] = [];
    for (let index = 0; index < (context.quick ? 10 : MODELS); index += 1)
      models.push(await simulated(index, designs, context));
    const rows = groups().map(({ name, indices }) => summarise(name, indices, models));
    const embedded = await embeddedRow();
    const head = [
      "| value | split-half, stepped up | parallel-form | standard error, nats |",
      "| --- | --- | --- | --- |",
    ];
    const told = `${models.length} simulated models (mixtures of policies), our bank and five generated from it; medians over the cells of a group, least in brackets.`;
    return {
      table: [told, "", ...head, ...rows.map(({ line }) => line), "", embedded].join("\n"),
      holds: rows.every(({ least }) => least >= 0.7),
    };
  },
};

/** Our bank and five generated from it, as designs; real ids, domains and structure. */
async function formDesigns(): Promise<RunDesign[]> {
  const surfaces = readSurfaces();
  const banks = [
    await readBank(ourBankPath()),
    ...[1, 2, 3, 4, 5].map((seed) => parseBank(generateBank(surfaces, { seed }))),
  ];
  return banks.slice(0, FORMS).map((bank) => designRun(bank, fixturePlan(bank, { set: "full" })));
}

async function simulated(
  index: number,
  designs: readonly RunDesign[],
  { state, signal, log }: SuiteContext,
): Promise<Simulated> {
  const key = `model ${index}`;
  const known = state.get(key);
  if (known) return known as Simulated;
  const forms: number[][] = [];
  let split: [number[], number[]] = [[], []];
  for (const [form, design] of designs.entries()) {
    signal.throwIfAborted();
    const tables = tabulateScore((await codeRun(design, askPolicy(mixture(index, form)))).score, { temperature: 1 });
    forms.push(cellMeans(tables));
    if (form === 0) {
      const [first, second] = halves(tables);
      split = [cellMeans(first), cellMeans(second)];
    }
  }
  const found = { forms, first: split[0], second: split[1] };
  await state.put(key, found);
  if (index % 10 === 9) log(`${index + 1} models`);
  return found;
}

/** Policies at random weights, uneven as an exponential's; each form has wordings of its own. */
function mixture(index: number, form: number): PolicyModel {
  const stream = randomStream(index, "mixture");
  const components = POLICIES.map((policy) => ({ policy, weight: -Math.log(1 - stream.uniform()) }));
  return policyModel(components, USUAL_SPREAD, 1000 + index, { letters: true, form: String(form) });
}

function groups(): { name: string; indices: number[] }[] {
  const cell = (row: number, label: number) => row * LABELS.length + label;
  return [
    { name: "cued cells (diagonal)", indices: [0, 1, 2, 3].map((mode) => cell(mode + 1, mode)) },
    { name: "row of no cue", indices: LABELS.map((_, label) => cell(0, label)) },
    { name: "bias", indices: LABELS.map((_, label) => ROWS.length * LABELS.length + label) },
  ];
}

function summarise(
  name: string,
  indices: readonly number[],
  models: readonly Simulated[],
): { line: string; least: number } {
  const found = indices.map((index) =>
    reliabilityOf(
      models.map(({ forms }) => forms.map((values) => values[index] ?? Number.NaN)),
      models.map(({ first, second }) => [first[index] ?? Number.NaN, second[index] ?? Number.NaN] as const),
    ),
  );
  const told = (values: readonly number[]) => `${median(values).toFixed(3)} (${Math.min(...values).toFixed(3)})`;
  const line = `| ${name} | ${told(found.map((one) => one.splitHalf))} | ${told(found.map((one) => one.parallelForm))} | ${median(found.map((one) => one.standardError)).toFixed(3)} |`;
  // In the row of no cue the rows' own mean takes the lean away by construction (A2), so it is shown and not judged.
  return { line, least: name === "row of no cue" ? 1 : Math.min(...found.map((one) => one.parallelForm)) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** The embedded model's thirty cells, odd against even situations. */
async function embeddedRow(): Promise<string> {
  const { profile } = await readProfile(`${ourBankPath()}/references/embedded-smollm2-135m.json`);
  const [first, second] = halvesOf(profile);
  const half = pearson(first, second);
  return `Embedded model, thirty cells of ${profile.situations.length} situations: split-half r ${half.toFixed(3)}, stepped up ${spearmanBrown(half).toFixed(3)}.`;
}

function halvesOf({ situations }: Profile): [number[], number[]] {
  const placed = [...Map.groupBy(situations, ({ domain }) => domain).values()].flatMap((some) =>
    some.map((one, index) => ({ one, index })),
  );
  const means = (rest: number) => {
    const some = placed.filter(({ index }) => index % 2 === rest).map(({ one }) => one);
    return ROWS.flatMap((row) =>
      LABELS.map((label) => some.reduce((sum, { cells }) => sum + (cells[row][label] ?? 0), 0) / some.length),
    );
  };
  return [means(0), means(1)];
}
