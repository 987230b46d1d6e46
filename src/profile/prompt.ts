import type { Dyad, Situation } from "../model/bank.ts";
import type { ChatMessage } from "../model/language-model.ts";
import type { Variation } from "../model/run.ts";
import type { Presented } from "./latin-square.ts";

export const LETTERS = ["A", "B", "C", "D", "E", "F"] as const;

export interface Variant {
  readonly variation: Variation;
  readonly level: string;
  /** System message of the variant, if any. */
  readonly system?: string;
  /** Sentence put before the setting, if any. */
  readonly opening?: string;
  readonly temperature?: number;
}

/** Levels of the variations that need calls of their own (E7); wording and order are read off the base design. */
export const VARIANTS: readonly Variant[] = [
  { variation: "persona", level: "calm professional", system: "You are a calm and experienced professional." },
  {
    variation: "persona",
    level: "newcomer",
    system: "You are new to this place and still learning how things are done.",
  },
  { variation: "persona", level: "blunt realist", system: "You are a blunt realist who says and does what you think." },
  { variation: "frame", level: "stated real", opening: "This is really happening now." },
  { variation: "frame", level: "stated test", opening: "This is a question in a test." },
  { variation: "frame", level: "story", opening: "Imagine that you are a character in a story." },
  { variation: "temperature", level: "0", temperature: 0 },
  { variation: "temperature", level: "1.3", temperature: 1.3 },
];

/** Prompt of a row: the setting, one sentence, the question (I3). */
export function scorePrompt(situation: Situation, sentence: string, variant?: Variant): ChatMessage[] {
  return framed(`${situation.setting} ${sentence} ${situation.question}`, variant);
}

/** Content-free prompt: same chat template, setting and sentence removed, question kept (A4). */
export function contentFreePrompt(situation: Situation): ChatMessage[] {
  return [{ role: "user", content: situation.question }];
}

/** Prompt of one lettered presentation (A6). */
export function choicePrompt(
  situation: Situation,
  sentence: string,
  order: readonly Presented[],
  variant?: Variant,
): ChatMessage[] {
  const options = order.map(({ label, wording }, place) => `${LETTERS[place]}. ${situation.replies[label][wording]}`);
  const text = [
    `${situation.setting} ${sentence} ${situation.question}`,
    "",
    ...options,
    "",
    "Answer with one letter only: A, B, C, D, E or F.",
  ].join("\n");
  return framed(text, variant);
}

/** Opening of a scripted dyad (A9); the partner's first act, if the partner begins, is put after it by the caller. */
export function dyadPrompt(dyad: Dyad): string {
  const objects = dyad.objects.map((object) => JSON.stringify(object)).join(", ");
  return [
    dyad.setting,
    "",
    `You (${dyad.self}) and the other (${dyad.other}) each make ${dyad.moves} moves in turn.`,
    `A move is one JSON object: {"act": ACT, "object": OBJECT, "for": RETURN}.`,
    `ACT is one of "give", "take", "do", "ask", "command", "refuse", "nothing".`,
    `OBJECT is one of ${objects}, or null. RETURN is what you want for it, one of the same, or null.`,
    "Answer with your move only.",
  ].join("\n");
}

function framed(text: string, variant?: Variant): ChatMessage[] {
  const content = variant?.opening ? `${variant.opening} ${text}` : text;
  const user: ChatMessage = { role: "user", content };
  return variant?.system ? [{ role: "system", content: variant.system }, user] : [user];
}

/** What a run puts before every call as the system's message, a guardrail; before one that a call has of its own. */
export function withSystem(messages: readonly ChatMessage[], system: string | undefined): readonly ChatMessage[] {
  if (system === undefined) return messages;
  const [first, ...rest] = messages;
  if (first?.role !== "system") return [{ role: "system", content: system }, ...messages];
  return [{ role: "system", content: `${system}\n\n${first.content}` }, ...rest];
}
