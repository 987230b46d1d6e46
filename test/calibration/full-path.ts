import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { verifyCard } from "../../src/adapters/card-verification.ts";
import { openLanguageModel } from "../../src/adapters/language-models/open-language-model.ts";
import { carryOut, prepareRun } from "../../src/adapters/profile-run.ts";
import { loadReference } from "../../src/adapters/references.ts";
import { SIGNER_FILE, writeOutputs } from "../../src/adapters/run-outputs.ts";
import type { Answer } from "../../src/model/language-model.ts";
import type { Profile } from "../../src/model/profile.ts";
import { estimateProfile } from "../../src/profile/estimate.ts";
import { codeRun, designRun } from "../../src/profile/profile-model.ts";

export interface FullPath {
  readonly policy: string;
  readonly calls: number;
  readonly faults: readonly string[];
}

/** One run of a reference policy with everything on disk, held against the same calls answered in memory. */
export async function fullPath(policy: string, signal: AbortSignal): Promise<FullPath> {
  const folder = mkdtempSync(join(tmpdir(), "dashpot-full-path-"));
  const directory = join(folder, "run");
  try {
    const prepared = await prepareRun({ model: `policy:${policy}` }, { abort: signal });
    const profile = await carryOut(prepared, directory, { abort: signal, stop: signal });
    const at = new Date("2026-01-01T00:00:00Z");
    await writeOutputs({ profile, directory, keys: join(folder, "keys"), sign: true, at });
    const verified = await verifyCard({
      envelopePath: join(directory, "card.dsse.json"),
      keyPath: join(directory, SIGNER_FILE),
    });
    const faults = [
      ...(isDeepStrictEqual(await inMemory(prepared, profile), profile) ? [] : ["another profile than in memory"]),
      ...(verified.ok ? [] : [`card: ${verified.code}`]),
    ];
    return { policy, calls: profile.totals.calls, faults };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inMemory({ bank, plan }: Awaited<ReturnType<typeof prepareRun>>, stored: Profile): Promise<Profile> {
  const model = await openLanguageModel(plan.model, { environment: {}, home: tmpdir() });
  const signal = new AbortController().signal;
  const ask = async (call: Parameters<Parameters<typeof codeRun>[1]>[0]): Promise<Answer> => {
    const answer =
      call.kind === "score" ? await model.score?.(call.request, signal) : await model.chat?.(call.request, signal);
    if (!answer) throw new TypeError("a policy scores and chats");
    return answer;
  };
  const measured = await codeRun(designRun(bank, plan), ask);
  const reference = await loadReference(plan);
  const { totals } = stored;
  const profile = estimateProfile(measured, {
    bank,
    plan,
    model: model.identity,
    totals,
    reference,
    normalisation: plan.normalisation,
  });
  // As it stands on disk: what is undefined is not written.
  return JSON.parse(JSON.stringify(profile)) as Profile;
}
