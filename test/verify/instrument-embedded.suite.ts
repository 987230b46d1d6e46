import { homedir } from "node:os";
import { join } from "node:path";
import { ourBankPath, readSurfaces } from "../../src/adapters/bank-files.ts";
import { openLanguageModel } from "../../src/adapters/language-models/open-language-model.ts";
import { readProfile } from "../../src/adapters/references.ts";
import type { Bank } from "../../src/model/bank.ts";
import type { Answer, LanguageModel } from "../../src/model/language-model.ts";
import { codeScore } from "../../src/profile/code-answer.ts";
import { designCalls, type ScoreCall } from "../../src/profile/design.ts";
import { generateBank } from "../../src/profile/instrument/generate.ts";
import { parseBank } from "../../src/profile/instrument/parse-bank.ts";
import type { SituationTable } from "../../src/profile/situation-table.ts";
import { tabulateScore } from "../../src/profile/tabulate-score.ts";
import { fixturePlan } from "../fixtures/simulate-run.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";
import { cellCorrelation, tablesOf, winHead, winLine } from "./win-table.ts";

const SEEDS = [1, 2, 3, 4, 5];

/** I20: wins of the cued mode on the embedded model for five generated banks, whole, and their agreement with ours. */
export const suite: VerifySuite = {
  name: "instrument-embedded",
  proves: ["I20"],
  title: "Wins of the cued mode on the embedded model, five generated banks",
  budgetMinutes: 150,
  model: "embedded",
  doc: "docs/instrument.md",
  section: "instrument-embedded",
  run: async (context) => {
    const { profile } = await readProfile(join(ourBankPath(), "references", "embedded-smollm2-135m.json"));
    const ours = tablesOf(profile);
    const forms = await scoreGenerated(context);
    const lines = forms.map(({ seed, tables }) => winLine(`generated, seed ${seed}`, tables));
    const parallel = forms
      .map(({ seed, tables }) => `seed ${seed} ${cellCorrelation(ours, tables).toFixed(3)}`)
      .join(", ");
    const told = `Correlation of the thirty cells with our bank's, same situations: ${parallel}.`;
    return {
      table: [...winHead(), ...lines.map(({ text }) => text), "", told].join("\n"),
      holds: lines.every(({ passes }) => passes),
    };
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
