import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { verifyCard } from "../../src/adapters/card-verification.ts";
import { openJournal } from "../../src/adapters/journal.ts";
import { type PreparedRun, prepareRun, type RunRequest } from "../../src/adapters/profile-run.ts";
import { profileText, renderSubjects } from "../../src/adapters/report-files.ts";
import { exportKey } from "../../src/adapters/signing-keys.ts";
import type { Profile } from "../../src/model/profile.ts";
import { estimateProfile } from "../../src/profile/estimate.ts";
import { codeRun, designRun, elicit } from "../../src/profile/profile-model.ts";
import type { Benchmark } from "../benchmark.ts";
import { engineOf, type Places } from "../estimate-run.ts";
import { median, rounded } from "../loopback-run.ts";
import { readAnswers } from "../read-answers.ts";

/** Thirty presentations of each of 672 prompts, the moves of the dyads and the self-report: at least 20,000 answers. */
const REQUEST: RunRequest = { model: "policy:communal", set: "full", format: "choice", samples: 30, reference: "none" };
const ANSWERS = 20_000;
const ROUNDS = 5;
const TARGET = 2;

/** B6: each time a new process, whose start is no part of the figure and stands beside it. */
export const benchmark: Benchmark = {
  name: "estimate",
  stage: "profile",
  row: "profile and signed card (`profile.json`, `report.html`, `card.*`; no picture) from 20,000 journalled answers",
  target: "≤ 2 s",
  run: async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), "dashpot-estimate-"));
    const places = { run: join(folder, "run"), out: join(folder, "out"), keys: join(folder, "keys") };
    try {
      const answers = await journalAnswers(REQUEST, places.run);
      if (answers < ANSWERS) throw new Error(`expected at least ${ANSWERS} answers, received ${answers}`);
      runProcess("estimate-run.ts", parametersOf(places));
      await requireOutcome(REQUEST, places);
      const rounds = Array.from({ length: ROUNDS }, () => {
        signal.throwIfAborted();
        const bare = runProcess("read-answers.ts", [places.run]);
        return { bare, ours: runProcess("estimate-run.ts", parametersOf(places)) };
      });
      const seconds = (times: readonly number[]) => rounded(median(times) / 1000);
      const figure = median(rounds.map(({ ours }) => ours.ms)) / 1000;
      return {
        figure: rounded(figure),
        unit: "s",
        target: TARGET,
        holds: figure <= TARGET,
        against: `reading and parsing the same rows, ${seconds(rounds.map(({ bare }) => bare.ms))} s`,
        n: ROUNDS,
        answers,
        least: seconds([Math.min(...rounds.map(({ ours }) => ours.ms))]),
        ofProcessor: seconds(rounds.map(({ ours }) => ours.cpuMs)),
        bareOfProcessor: seconds(rounds.map(({ bare }) => bare.cpuMs)),
        withStart: seconds(rounds.map(({ ours }) => ours.msOfProcess)),
        bareWithStart: seconds(rounds.map(({ bare }) => bare.msOfProcess)),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Puts a run's calls to a reference policy by the engine, everything journalled; gives the number of answers. */
export async function journalAnswers(request: RunRequest, directory: string): Promise<number> {
  const prepared = await prepareRun(request, {});
  const journal = openJournal(directory, prepared.plan);
  try {
    await elicit(designRun(prepared.bank, prepared.plan), engineOf(prepared, journal));
    if (readAnswers(directory) !== journal.count()) throw new Error("expected every answer that counts on disk");
    return journal.count();
  } finally {
    await journal.close();
    await prepared.model.close();
  }
}

/**
 * Throws unless what was written is, byte for byte, what measurements that were never journalled give, and the card
 * verifies by the key that signed it.
 */
export async function requireOutcome(request: RunRequest, { run, out, keys }: Places): Promise<void> {
  const journal = openJournal(run, null);
  const totals = { ...journal.totals(), cost: null };
  await journal.close();
  const profile = await profileInMemory(await prepareRun(request, {}), totals);
  const written = (name: string) => readFileSync(join(out, name), "utf8");
  if (written("profile.json") !== profileText(profile)) throw new Error("expected the profile of the same answers");
  for (const { name, content } of renderSubjects(profile)) {
    if (written(name) !== content) throw new Error(`expected the ${name} of the same profile`);
  }
  const keyPath = join(keys, "signer.pem");
  writeFileSync(keyPath, await exportKey({ directory: keys }));
  const verified = await verifyCard({ envelopePath: join(out, "card.dsse.json"), keyPath });
  if (!verified.ok) throw new Error(`expected a card that verifies, received ${verified.code}: ${verified.reason}`);
}

/** The profile of a policy's answers as they come, without engine or journal. */
async function profileInMemory({ bank, plan, model }: PreparedRun, totals: Profile["totals"]): Promise<Profile> {
  const never = new AbortController().signal;
  const measured = await codeRun(designRun(bank, plan), async (call) => {
    const answer = call.kind === "score" ? model.score?.(call.request, never) : model.chat?.(call.request, never);
    if (!answer) throw new Error(`expected a model that can ${call.kind}`);
    return answer;
  });
  const { normalisation } = plan;
  return estimateProfile(measured, { bank, plan, model: model.identity, totals, reference: null, normalisation });
}

interface Times {
  readonly ms: number;
  /** Processor time of all threads meanwhile, which other programs disturb less. */
  readonly cpuMs: number;
  /** From the start of the process. */
  readonly msOfProcess: number;
}

function runProcess(file: string, parameters: readonly string[]): Times {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...parameters], { encoding: "utf8" });
  if (status !== 0) throw new Error(`expected exit code 0 of ${file}, received ${status}: ${stderr}`);
  return JSON.parse(stdout) as Times;
}

function parametersOf(places: Places): string[] {
  return Object.entries(places).flatMap(([name, path]) => [`--${name}`, path]);
}
