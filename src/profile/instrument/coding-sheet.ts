import { randomStream } from "../../kernel/random.ts";
import type { Bank, Situation } from "../../model/bank.ts";
import { LABELS, type Label } from "../../model/label.ts";
import { repliesOf } from "./bank-texts.ts";

/** What a coder may answer: the six labels, or that a sentence sets no relation. */
export const CODES = [...LABELS, "none"] as const;
export type Code = (typeof CODES)[number];

/** The seed of the order in which our bank was coded. */
export const CODING_SEED = 17;

export type CodedKind = "reply" | "cue" | "decoy" | "validation";

/** What a number on the sheets stands for; never shown to a coder. */
export interface KeyLine {
  readonly n: number;
  readonly kind: CodedKind;
  readonly situation: string;
  /** The label intended; of a decoy, the mode whose words it uses. */
  readonly label: Code;
  /** Which of three, for replies. */
  readonly wording?: number;
  readonly text: string;
}

/** What a coder sees of a reply or of a sentence of a setting: nothing but its text. */
export interface SheetLine {
  readonly n: number;
  readonly text: string;
}

export interface CodingSheet {
  readonly replies: readonly SheetLine[];
  readonly sentences: readonly SheetLine[];
  readonly key: readonly KeyLine[];
}

type Text = Omit<KeyLine, "n">;

/** Replies, and cues with decoys and validation cues, each shuffled over the whole bank and numbered in that order (I17). */
export function codingSheet(bank: Bank, seed: number): CodingSheet {
  const shuffle = <T>(name: string, items: readonly T[]) => randomStream(seed, "coding-sheet", name).shuffle(items);
  const replies = shuffle("replies", bank.situations.flatMap(replyTexts));
  const sentences = shuffle("sentences", bank.situations.flatMap(sentenceTexts));
  const numbered = [...replies, ...sentences].map((text, index) => ({ ...text, n: index + 1 }));
  return {
    replies: numbered.slice(0, replies.length).map(shown),
    sentences: numbered.slice(replies.length).map(shown),
    key: numbered.map(({ n, kind, situation, label, wording, text }) => ({
      n,
      kind,
      situation,
      label,
      ...(wording === undefined ? {} : { wording }),
      text,
    })),
  };
}

function shown({ n, text }: SheetLine): SheetLine {
  return { n, text };
}

function replyTexts(situation: Situation): Text[] {
  return repliesOf(situation).map(({ label, wording, text }) => ({
    ...placed("reply", situation, label, text),
    wording,
  }));
}

function sentenceTexts(situation: Situation): Text[] {
  const group = (kind: CodedKind, texts: Readonly<Record<string, string>> | undefined) =>
    Object.entries(texts ?? {}).map(([label, text]) => placed(kind, situation, label as Label | "none", text));
  return [
    ...group("cue", situation.cues),
    ...group("decoy", situation.decoys),
    ...group("validation", situation.validation),
  ];
}

function placed(kind: CodedKind, { id }: Situation, label: Code, text: string): Text {
  return { kind, situation: id, label, text };
}
