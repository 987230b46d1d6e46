import type { ChatRequest } from "../../../model/language-model.ts";
import { conditionName } from "../../../model/stress.ts";
import type { DesignRow, StressPlan } from "../../../model/stress-run.ts";
import { withSystem } from "../../prompt.ts";
import type { Family } from "../family.ts";
import { situationOf } from "../render-item.ts";
import { CHECK_LETTERS, CHECK_OPTIONS, CHECK_QUESTIONS, type CheckQuestion } from "./check-questions.ts";

/** One presentation of one question on one scenario. */
export interface CheckCall {
  readonly kind: "chat";
  readonly key: string;
  readonly row: DesignRow;
  readonly question: CheckQuestion;
  /** Option at each letter. */
  readonly order: readonly number[];
  readonly request: ChatRequest;
}

type CheckPlan = Pick<StressPlan, "seed" | "temperature" | "system">;

/** Every scenario, every graded factor, five presentations that put every option at every place once (T31). */
export function checkCalls(plan: CheckPlan, rows: readonly DesignRow[], families: readonly Family[]): CheckCall[] {
  const byId = new Map(families.map((family) => [family.id, family]));
  return rows.flatMap((row) => {
    const family = byId.get(row.family);
    if (family === undefined) return [];
    const situation = situationOf(family, row.surface, row.condition);
    return CHECK_QUESTIONS.flatMap((question) =>
      Array.from({ length: CHECK_OPTIONS }, (_, shift) => checkCall(plan, row, situation, question, shift)),
    );
  });
}

function checkCall(
  { seed, temperature, system }: CheckPlan,
  row: DesignRow,
  situation: string,
  question: CheckQuestion,
  shift: number,
): CheckCall {
  const { family, surface, condition } = row;
  const order = question.options.map((_, place) => (place + shift) % CHECK_OPTIONS);
  const options = order.map((option, place) => `${CHECK_LETTERS[place]}. ${question.options[option]}`);
  const asked = "Answer with one letter only: A, B, C, D or E.";
  const content = [`${situation} ${question.text}`, "", ...options, "", asked].join("\n");
  return {
    kind: "chat",
    key: ["check", question.factor, family, surface + 1, conditionName(condition), shift].join("/"),
    ...{ row, question, order },
    request: {
      messages: withSystem([{ role: "user", content }], system),
      item: {
        ...{
          situation: family,
          domain: family,
          rank: condition.side === "over" ? "above" : "below",
          arm: "stress",
          row: "none",
          replies: [],
        },
        stress: {
          family,
          surface,
          condition,
          format: "choice",
          offered: [],
          check: { factor: question.factor, order },
        },
      },
      ...{ maximumTokens: 8, temperature, seed: (seed + shift) % 2 ** 31, letters: CHECK_LETTERS },
    },
  };
}
