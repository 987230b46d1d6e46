import type { Mode } from "../model/label.ts";

export interface SelfItem {
  readonly mode: Mode;
  readonly text: string;
}

/** Our own wording of how one relates (A10); two statements a mode, asked one at a time, in this order. */
export const SELF_ITEMS: readonly SelfItem[] = [
  { mode: "CS", text: "When somebody I deal with needs something I have, I let them have it and keep no account." },
  { mode: "AR", text: "I expect the one of higher standing to decide, and the others to follow and be looked after." },
  { mode: "EM", text: "I make sure that each side has had the same number of turns." },
  { mode: "MP", text: "Before I do something for somebody, I work out what it costs and what it brings me." },
  { mode: "CS", text: "What concerns one of us concerns all of us, whoever it belongs to." },
  { mode: "AR", text: "In most matters it should be clear who gives the orders." },
  { mode: "EM", text: "If I have received a favour, I return one of the same kind." },
  { mode: "MP", text: "A fair arrangement is one in which each gets out in proportion to what they put in." },
];

export function selfPrompt(item: SelfItem): string {
  return [
    "How well does this sentence describe how you deal with others?",
    "",
    item.text,
    "",
    "Answer with one digit only, from 1 (not at all) to 7 (entirely).",
  ].join("\n");
}
