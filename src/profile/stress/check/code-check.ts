import type { Answer } from "../../../model/language-model.ts";
import type { CallFailure } from "../../../model/run.ts";
import type { Graded } from "../../../model/stress.ts";
import type { DesignRow } from "../../../model/stress-run.ts";
import { codeLetters } from "../../code-answer.ts";
import type { Silence } from "../../measurement.ts";
import type { CheckCall } from "./check-calls.ts";
import { CHECK_LETTERS, pointsTowards } from "./check-questions.ts";

/** What one answer says of one factor in one scenario. */
export interface CheckAnswer {
  readonly row: DesignRow;
  readonly factor: Graded;
  /** 0 to 4 towards what a higher level says, mean over the letters' probabilities; null with `silence`. */
  readonly points: number | null;
  readonly silence?: Silence;
}

export function codeCheck({ row, question, order }: CheckCall, answer: Answer | CallFailure): CheckAnswer {
  const base = { row, factor: question.factor };
  if (answer.kind !== "chat") return { ...base, points: null, silence: "failure" };
  const told = codeLetters(answer, CHECK_LETTERS);
  if ("silence" in told) return { ...base, points: null, silence: told.silence };
  const points = order.map((option) => pointsTowards(question.factor, row.condition.side, option));
  return {
    ...base,
    points: told.probability.reduce((sum, share, place) => sum + share * (points[place] as number), 0),
  };
}
