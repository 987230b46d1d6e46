/** Fiske's four relational models. */
export const MODES = ["CS", "AR", "EM", "MP"] as const;
export type Mode = (typeof MODES)[number];

/** The four models and the two limiting cases: the columns of every matrix, in this order. */
export const LABELS = ["CS", "AR", "EM", "MP", "asocial", "null"] as const;
export type Label = (typeof LABELS)[number];

/** The rows of every matrix, in this order: no cue, then the cue of each mode. */
export const ROWS = ["none", "CS", "AR", "EM", "MP"] as const;
export type Row = (typeof ROWS)[number];

/** Rows of the validation arm, kept out of the profile. */
export const LIMITS = ["asocial", "null"] as const;
export type Limit = (typeof LIMITS)[number];

export const RANKS = ["above", "below", "equal"] as const;
/** Where the model stands towards the other party. */
export type Rank = (typeof RANKS)[number];

export const LABEL_NAMES: Readonly<Record<Label, string>> = {
  CS: "communal sharing",
  AR: "authority ranking",
  EM: "equality matching",
  MP: "market pricing",
  asocial: "asocial",
  null: "null",
};
