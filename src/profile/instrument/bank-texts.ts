import type { Situation } from "../../model/bank.ts";
import { LABELS, type Label } from "../../model/label.ts";

export interface PlacedReply {
  readonly label: Label;
  readonly wording: number;
  /** Such as `replies.CS.0`. */
  readonly field: string;
  readonly text: string;
}

/** The eighteen replies of a situation with label, wording and field. */
export function repliesOf({ replies }: Situation): PlacedReply[] {
  return LABELS.flatMap((label) =>
    replies[label].map((text, wording) => ({ label, wording, field: `replies.${label}.${wording}`, text })),
  );
}

/** Neutral sentence, cues, decoys and validation cues of a situation, with their fields. */
export function sentencesOf({ cues, decoys, validation }: Situation): { field: string; text: string }[] {
  return Object.entries({ cues, decoys, validation }).flatMap(([name, texts]) =>
    Object.entries(texts ?? {}).map(([key, text]) => ({ field: `${name}.${key}`, text })),
  );
}

/** The cue that calls for a label: a mode's own, a limit's validation cue where there is one. */
export function cueOf({ cues, validation }: Situation, label: Label): string | undefined {
  return label === "asocial" || label === "null" ? validation?.[label] : cues[label];
}
