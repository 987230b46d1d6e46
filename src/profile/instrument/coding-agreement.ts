import { cohenKappa, type Kappa, kappaAgainstRest } from "../../kernel/agreement.ts";
import { CODES, type Code, type CodedKind, type KeyLine } from "./coding-sheet.ts";

/** Least κ over all labels, and of each label against the rest (I17). */
export const LEAST_KAPPA = { overall: 0.7, label: 0.6 } as const;

/** A coder's answers by number on the sheet; what is not there was not coded. */
export type Coding = ReadonlyMap<number, Code>;

export const CODED_GROUPS = {
  replies: ["reply"],
  cues: ["cue", "validation"],
  together: ["reply", "cue", "validation"],
} as const satisfies Record<string, readonly CodedKind[]>;
export type CodedGroup = keyof typeof CODED_GROUPS;

export const CODED_PAIRS = ["between the coders", "coder 1 and intended", "coder 2 and intended"] as const;
export type CodedPair = (typeof CODED_PAIRS)[number];

export interface AgreementRow extends Kappa {
  readonly group: CodedGroup;
  readonly pair: CodedPair;
  /** `all`: over all labels. */
  readonly label: Code | "all";
  /** Whether κ reaches what I17 asks of it; false where κ is NaN. */
  readonly holds: boolean;
}

export interface DecoyRow {
  readonly coder: 1 | 2;
  /** Decoys the coder said set no relation. */
  readonly none: number;
  readonly n: number;
  readonly missing: number;
}

export interface CodingAgreement {
  readonly rows: readonly AgreementRow[];
  /** Shown beside it; no threshold. */
  readonly decoys: readonly DecoyRow[];
  readonly holds: boolean;
}

/** κ between two blind codings and of each against the intended label, for replies and cues, apart and together (I17). */
export function codingAgreement(key: readonly KeyLine[], one: Coding, two: Coding): CodingAgreement {
  const groups = Object.keys(CODED_GROUPS) as CodedGroup[];
  const rows = groups.flatMap((group) => {
    const kinds: readonly CodedKind[] = CODED_GROUPS[group];
    return groupRows(
      group,
      key.filter(({ kind }) => kinds.includes(kind)),
      one,
      two,
    );
  });
  const decoys = key.filter(({ kind }) => kind === "decoy");
  return {
    rows,
    decoys: [decoyRow(1, decoys, one), decoyRow(2, decoys, two)],
    holds: rows.every(({ holds }) => holds),
  };
}

function groupRows(group: CodedGroup, lines: readonly KeyLine[], one: Coding, two: Coding): AgreementRow[] {
  const first = lines.map(({ n }) => one.get(n) ?? null);
  const second = lines.map(({ n }) => two.get(n) ?? null);
  const intended = lines.map(({ label }) => label);
  const labels = CODES.filter((label) => intended.includes(label));
  const pairs = [
    [first, second],
    [first, intended],
    [second, intended],
  ] as const;
  return pairs.flatMap(([a, b], index) => {
    const place = { group, pair: CODED_PAIRS[index] as CodedPair };
    const row = (label: Code | "all", kappa: Kappa, least: number) => ({
      ...place,
      label,
      ...kappa,
      holds: kappa.kappa >= least,
    });
    return [
      row("all", cohenKappa(a, b), LEAST_KAPPA.overall),
      ...labels.map((label) => row(label, kappaAgainstRest(a, b, label), LEAST_KAPPA.label)),
    ];
  });
}

function decoyRow(coder: 1 | 2, decoys: readonly KeyLine[], coding: Coding): DecoyRow {
  const codes = decoys.flatMap(({ n }) => coding.get(n) ?? []);
  return {
    coder,
    none: codes.filter((code) => code === "none").length,
    n: codes.length,
    missing: decoys.length - codes.length,
  };
}
