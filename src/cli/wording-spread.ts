import { prepareRun } from "../adapters/profile-run.ts";
import type { Bank } from "../model/bank.ts";
import { codeScore } from "../profile/code-answer.ts";
import { designCalls, type ScoreCall } from "../profile/design.ts";
import type { Fault } from "../profile/instrument/fault.ts";
import { warnOfSpread } from "../profile/instrument/warn-of-spread.ts";
import type { Terminal } from "./terminal.ts";

/** Scores the rows of no cue with a model and warns of wordings far from their label's spread over the bank (I10). */
export async function wordingWarnings(bank: Bank, spec: string, terminal: Terminal): Promise<Fault[]> {
  const { model, plan } = await prepareRun(
    { model: spec, format: "score", set: "full", reference: "none" },
    { environment: process.env },
  );
  try {
    const calls = designCalls(bank, plan).filter(
      (call): call is ScoreCall =>
        call.kind === "score" && call.request.item.arm === "bank" && call.request.item.row === "none",
    );
    const measured = [];
    for (const [index, call] of calls.entries()) {
      if (index % 12 === 0) terminal.note(`${index}/${calls.length} situations scored`);
      if (model.score) measured.push(codeScore(call, await model.score(call.request, new AbortController().signal)));
    }
    return warnOfSpread(bank, measured);
  } finally {
    await model.close();
  }
}
