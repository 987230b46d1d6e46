import type { Bank } from "../model/bank.ts";
import { codeScore } from "../profile/code-answer.ts";
import { designCalls, type ScoreCall } from "../profile/design.ts";
import type { Fault } from "../profile/instrument/fault.ts";
import { warnOfSpread } from "../profile/instrument/warn-of-spread.ts";
import type { RunConduct } from "./model-run.ts";
import { prepareRun } from "./profile-run.ts";

/** Scores the rows of no cue with a model and warns of wordings far from their label's spread over the bank (I10). */
export async function wordingWarnings(
  bank: Bank,
  spec: string,
  conduct: Pick<RunConduct, "environment" | "abort"> & { readonly onScored?: (done: number, total: number) => void },
): Promise<Fault[]> {
  const signal = conduct.abort ?? new AbortController().signal;
  const { model, plan } = await prepareRun({ model: spec, format: "score", set: "full", reference: "none" }, conduct);
  try {
    const calls = designCalls(bank, plan).filter(
      (call): call is ScoreCall =>
        call.kind === "score" && call.request.item.arm === "bank" && call.request.item.row === "none",
    );
    const measured = [];
    for (const [index, call] of calls.entries()) {
      conduct.onScored?.(index, calls.length);
      if (model.score) measured.push(codeScore(call, await model.score(call.request, signal)));
    }
    return warnOfSpread(bank, measured);
  } finally {
    await model.close();
  }
}
