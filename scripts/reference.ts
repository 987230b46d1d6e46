import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ourBankPath, readBank } from "../src/adapters/bank-files.ts";
import { systemClock } from "../src/adapters/clock.ts";
import { openJournal } from "../src/adapters/journal.ts";
import { openLanguageModel } from "../src/adapters/language-models/open-language-model.ts";
import { OUR_REFERENCE } from "../src/adapters/references.ts";
import { createRunEngine } from "../src/adapters/run-engine.ts";
import { version } from "../src/adapters/version.ts";
import { randomStream } from "../src/kernel/random.ts";
import { fitTemperature } from "../src/kernel/softmax.ts";
import type { RunPlan } from "../src/model/run.ts";
import { estimateProfile } from "../src/profile/estimate.ts";
import { codeRun, designRun, elicit, type RunDesign } from "../src/profile/profile-model.ts";
import { cuedEffects } from "../src/profile/tabulate-score.ts";

/** Rows and content-free prompts first, then decoys, then the validation arm: what the reference needs most. */
function inOrder(design: RunDesign): RunDesign {
  const arms = ["bank", "content-free", "decoy", "validation"];
  const place = ({ request }: RunDesign["calls"][number]) =>
    arms.indexOf(request.item.arm === "content-free" ? "bank" : request.item.arm);
  return { ...design, calls: [...design.calls].sort((a, b) => place(a) - place(b)) };
}

/**
 * `npm run reference [DIR]`: scores the whole frozen bank with the embedded model, fits the one temperature on its cued
 * rows (A5), and writes `references/`: the temperature and the embedded model's profile (A15). Resumable.
 */
const SPEC = "embedded:smollm2-135m";

const directory = process.argv[2] ?? "dashpot-runs/reference";
const bankPath = ourBankPath();
const bank = await readBank(bankPath);
const home = process.env.DASHPOT_HOME ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "dashpot");
const model = await openLanguageModel(SPEC, { environment: process.env, home });
const plan: RunPlan = {
  schema: "dashpot/run@1",
  dashpot: version(),
  model: SPEC,
  format: "score",
  formatReason: "the reference is told by score",
  acts: false,
  self: false,
  agreement: false,
  set: "full",
  bank: { path: bankPath, id: bank.header.id, version: bank.header.version, hash: bank.hash },
  seed: 0,
  samples: 6,
  temperature: 1,
  vary: [],
  reference: null,
  normalisation: { temperature: 1, fittedOn: "not fitted yet" },
};
const journal = openJournal(directory, plan);
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
let toldAt = 0;
const engine = createRunEngine({
  model,
  journal,
  clock: systemClock,
  random: randomStream(0, "backoff"),
  parallel: 1,
  budget: {},
  price: null,
  stop: stop.signal,
  abort: new AbortController().signal,
  timeoutMs: 600_000,
  onProgress: ({ done, total, perSecond }) => {
    if (Date.now() - toldAt < 10_000) return;
    toldAt = Date.now();
    process.stderr.write(`${done}/${total} calls, ${perSecond.toFixed(2)} a second\n`);
  },
});
try {
  const design = inOrder(designRun(bank, plan));
  await elicit(design, engine);
  const measured = await codeRun(design, engine.recall);
  const { effects, labels } = cuedEffects(measured.score.filter((one) => !one.variant));
  const { temperature, loss } = fitTemperature(effects, labels);
  const normalisation = {
    temperature,
    fittedOn: `${SPEC} on ${bank.header.id} ${bank.header.version}, bank ${bank.hash.slice(0, 12)}, ${labels.length} cued rows, log loss ${loss.toFixed(4)}`,
  };
  const settled = { ...plan, normalisation, bank: { ...plan.bank, path: "instruments/relational" } };
  const profile = estimateProfile(measured, {
    bank,
    plan: settled,
    model: model.identity,
    totals: engine.totals(),
    reference: null,
    normalisation,
  });
  const references = join(bankPath, "references");
  mkdirSync(references, { recursive: true });
  writeFileSync(join(references, "normalisation.json"), `${JSON.stringify(normalisation, null, 2)}\n`);
  writeFileSync(join(references, `${OUR_REFERENCE}.json`), `${JSON.stringify(profile)}\n`);
  process.stdout.write(
    `temperature ${temperature.toFixed(4)}, log loss ${loss.toFixed(4)}; written to ${references}\n`,
  );
} finally {
  await journal.close();
  await model.close();
}
