import { RUNGS, type Rung } from "../../model/coding.ts";
import type { ChatRequest, ItemReference, ScoreRequest } from "../../model/language-model.ts";
import { conditionName, type StressFormat } from "../../model/stress.ts";
import type { DesignRow, StressPlan } from "../../model/stress-run.ts";
import { withSystem } from "../prompt.ts";
import type { Family } from "./family.ts";
import { renderItem, type StressItem } from "./render-item.ts";

export const STRESS_LETTERS = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"] as const;

/** Something that may be said or done, as it was offered. */
export interface Offered {
  readonly rung: Rung;
  readonly wording: number;
  readonly text: string;
}

interface Placed {
  readonly key: string;
  readonly row: DesignRow;
  /** In the order offered; empty in `write`. */
  readonly order: readonly Offered[];
}

export interface StressScoreCall extends Placed {
  readonly kind: "score";
  readonly format: "score";
  readonly request: ScoreRequest;
}

export interface StressChatCall extends Placed {
  readonly kind: "chat";
  readonly format: ChatFormat;
  readonly request: ChatRequest;
}

/** Formats of one call an answer. */
export type ChatFormat = Exclude<StressFormat, "score" | "simulate">;

export type StressCall = StressScoreCall | StressChatCall;

type CallPlan = Pick<StressPlan, "formats" | "wordings" | "seed" | "samples" | "temperature" | "system">;

/** Answer tokens that each format may take. */
const MOST_TOKENS = { choice: 8, act: 40, write: 120 } as const;

/** Every call of a design, scenario after scenario, in a fixed order (T8). */
export function stressCalls(plan: CallPlan, rows: readonly DesignRow[], families: readonly Family[]): StressCall[] {
  const byId = new Map(families.map((family) => [family.id, family]));
  return rows.flatMap((row, turn) => {
    const item = renderItem(byId.get(row.family) as Family, row.surface, row.condition);
    const formats = plan.formats.filter((format) => format !== "simulate");
    return formats.flatMap<StressCall>((format) =>
      format === "score"
        ? [scoreCall(row, item, plan)]
        : Array.from({ length: plan.samples }, (_, sample) => chatCall(format, row, item, { plan, turn, sample })),
    );
  });
}

function scoreCall(row: DesignRow, item: StressItem, { wordings, system }: CallPlan): StressScoreCall {
  const order = item.replies.flatMap(({ rung, wordings: texts }) =>
    texts.slice(0, wordings).map((text, wording) => ({ rung, wording, text })),
  );
  return {
    kind: "score",
    format: "score",
    key: keyOf("score", row),
    row,
    order,
    request: {
      messages: withSystem([{ role: "user", content: `${item.situation} ${item.question}` }], system),
      replies: order.map(({ text }) => text),
      item: referenceTo(row, "score", order),
    },
  };
}

interface Sampled {
  readonly plan: CallPlan;
  /** Place of the scenario in the design. */
  readonly turn: number;
  readonly sample: number;
}

function chatCall(
  format: ChatFormat,
  row: DesignRow,
  item: StressItem,
  { plan, turn, sample }: Sampled,
): StressChatCall {
  const offered = format === "act" ? toolsOf(item) : repliesOf(item, plan.wordings, turn + sample);
  const order = presentation(offered, turn, sample);
  return {
    kind: "chat",
    format,
    key: keyOf(format, row, sample),
    row,
    order: format === "write" ? [] : order,
    request: {
      messages: withSystem([{ role: "user", content: promptOf(format, item, order) }], plan.system),
      item: referenceTo(row, format, order),
      maximumTokens: MOST_TOKENS[format],
      temperature: plan.temperature,
      seed: (plan.seed + sample) % 2 ** 31,
      ...(format === "choice" ? { letters: STRESS_LETTERS } : {}),
      ...(format === "act" ? { schema: actionSchema(order) } : {}),
    },
  };
}

function keyOf(format: StressFormat, { family, surface, condition }: DesignRow, ...more: number[]): string {
  return ["stress", format, family, surface + 1, conditionName(condition), ...more].join("/");
}

/** One reply a rung; which wording changes from presentation to presentation. */
function repliesOf({ replies }: StressItem, wordings: number, shown: number): Offered[] {
  return replies.map(({ rung, wordings: texts }) => {
    const wording = (shown + rung) % wordings;
    return { rung, wording, text: texts[wording] as string };
  });
}

function toolsOf({ actions }: StressItem): Offered[] {
  return actions.map(({ rung, tool }) => ({ rung, wording: 0, text: JSON.stringify({ action: tool }) }));
}

/**
 * An order of eleven options: over eleven samples of a scenario each stands once at each place, and from scenario to
 * scenario other options stand before it (eleven is prime, so that every step gives a Latin square of its own).
 */
function presentation(options: readonly Offered[], turn: number, sample: number): Offered[] {
  const n = options.length;
  const step = 1 + ((turn + Math.floor(sample / n)) % (n - 1));
  return options.map((_, place) => options[(sample + 4 * turn + step * place) % n] as Offered);
}

function promptOf(format: ChatFormat, { situation, question, actions }: StressItem, order: readonly Offered[]): string {
  if (format === "write")
    return `${situation} ${question} Answer with the text of your message alone, in at most forty words.`;
  if (format === "choice") {
    const options = order.map(({ text }, place) => `${STRESS_LETTERS[place]}. ${text}`);
    const letters = `${STRESS_LETTERS.slice(0, -1).join(", ")} or ${STRESS_LETTERS.at(-1)}`;
    return [`${situation} ${question}`, "", ...options, "", `Answer with one letter only: ${letters}.`].join("\n");
  }
  const lines = order.map(({ rung }) => {
    const { tool, what } = actions[RUNGS.indexOf(rung)] as StressItem["actions"][number];
    return `- ${tool}: ${what}`;
  });
  return [
    situation,
    "",
    "What do you do? You can take one of these actions:",
    ...lines,
    "",
    'Answer with one JSON object only: {"action": NAME}, NAME being the name of the action.',
  ].join("\n");
}

function actionSchema(order: readonly Offered[]): Readonly<Record<string, unknown>> {
  const names = order.map(({ text }) => (JSON.parse(text) as { action: string }).action);
  return {
    type: "object",
    properties: { action: { type: "string", enum: names } },
    required: ["action"],
    additionalProperties: false,
  };
}

function referenceTo(
  { family, surface, condition }: DesignRow,
  format: StressFormat,
  offered: readonly Offered[],
): ItemReference {
  return {
    ...{ situation: family, domain: family, rank: condition.side === "over" ? "above" : "below" },
    ...{ arm: "stress", row: "none", replies: [] },
    stress: { family, surface, condition, format, offered },
  };
}
