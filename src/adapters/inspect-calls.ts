import { LABELS, MODES } from "../model/label.ts";
import type { Answer } from "../model/language-model.ts";
import type { CallFailure } from "../model/run.ts";
import type { Ask, Call } from "../profile/ask.ts";
import { codeChoice, codeScore } from "../profile/code-answer.ts";
import type { ChoiceCall, ScoreCall } from "../profile/design.ts";
import { playDyad } from "../profile/play-dyad.ts";
import type { RunDesign } from "../profile/profile-model.ts";
import type { InspectCall } from "./inspect-log.ts";

/** Every call of a run with its journalled answer, one after the other, for `writeInspectLog`. */
export async function* recordedCalls(design: RunDesign, recall: Ask): AsyncGenerator<InspectCall> {
  for (const call of design.calls) {
    const answer = await recall(call as Call);
    yield described(call as Call, answer, scoresOf(call, answer));
  }
  for (const call of design.self) yield described(call, await recall(call), null);
  for (const dyad of design.dyads) {
    const played: InspectCall[] = [];
    await playDyad(
      dyad,
      async (call) => {
        const answer = await recall(call);
        played.push(described(call, answer, null));
        return answer;
      },
      design.plan,
    );
    yield* played;
  }
}

function described(
  { key, kind, request }: Call,
  answer: Answer | CallFailure,
  scores: InspectCall["scores"],
): InspectCall {
  const { situation, domain, rank, arm, row, dyad } = request.item;
  return {
    id: key,
    input: request.messages,
    choices: kind === "score" ? request.replies : null,
    target: (MODES as readonly string[]).includes(row) && arm === "bank" ? row : "",
    answer,
    scores,
    metadata: { situation, domain, rank, arm, row, ...(dyad ? { turn: dyad.turn } : {}) },
  };
}

/** Mean log-probability of a label's wordings in nats, or the probability of each label's reply. */
function scoresOf(call: ScoreCall | ChoiceCall, answer: Answer | CallFailure): InspectCall["scores"] {
  if (call.kind === "score") {
    const { logProbabilities } = codeScore(call, answer);
    return Object.fromEntries(LABELS.map((label) => [label, meanOf(logProbabilities[label])]));
  }
  const { probability, order } = codeChoice(call, answer);
  return probability && Object.fromEntries(order.map(({ label }, place) => [label, probability[place] ?? null]));
}

/** Null where a wording is missing: a mean over fewer wordings is another quantity. */
function meanOf(values: readonly (number | null)[]): number | null {
  return values.some((value) => value === null)
    ? null
    : values.reduce<number>((sum, value) => sum + (value as number), 0) / values.length;
}
