import { randomStream } from "../../src/kernel/random.ts";
import { signFlip } from "../../src/kernel/sign-flip.ts";
import { LABELS, MODES, ROWS } from "../../src/model/label.ts";
import type { Estimate } from "../../src/model/profile.ts";
import { estimateBias, estimateMatrices, estimateResponsiveness } from "../../src/profile/estimate-cells.ts";
import type { Policy, Spread } from "../../src/profile/policy.ts";
import { policyModel } from "../../src/profile/policy.ts";
import { codeRun, designRun, type RunDesign } from "../../src/profile/profile-model.ts";
import type { SituationTable } from "../../src/profile/situation-table.ts";
import { tabulateChoice } from "../../src/profile/tabulate-choice.ts";
import { tabulateScore } from "../../src/profile/tabulate-score.ts";
import { fixtureBank } from "../fixtures/bank.ts";
import { askPolicy, fixturePlan } from "../fixtures/simulate-run.ts";
import { type Kind, type Truth, truthOf } from "./truth.ts";

/** How often the intervals of one quantity held the truth, cell by cell. */
export interface Coverage {
  readonly quantity: string;
  readonly continuous: boolean;
  readonly cells: readonly {
    readonly name: string;
    readonly truth: number;
    readonly held: number;
    readonly runs: number;
  }[];
}

export interface Calibrated {
  readonly coverages: readonly Coverage[];
  /** p-values of sign-flips between two runs of one policy, cell by cell; those of a run are not independent. */
  readonly nullP: readonly number[];
}

const DESIGNS = new Map<Kind, RunDesign>();

/** Intervals of `runs` quick sets of a policy, an in-memory journal and no card, against its truth from `draws` situations. */
export async function calibrate(
  policy: Policy,
  spread: Spread,
  kind: Kind,
  runs: number,
  draws: number,
  signal?: AbortSignal,
): Promise<Calibrated> {
  const truth = truthOf(policy, spread, kind, draws, 7);
  const tally = new Map<
    string,
    { quantity: string; continuous: boolean; name: string; truth: number; held: number; runs: number }
  >();
  const nullP: number[] = [];
  let before: readonly SituationTable[] | null = null;
  for (let run = 0; run < runs; run += 1) {
    signal?.throwIfAborted();
    const tables = await tablesOf(policy, spread, kind, run + 1);
    for (const seen of estimatesOf(tables, kind, truth)) count(tally, seen);
    if (before && run % 2 === 1) nullP.push(...comparedP(before, tables, run));
    before = tables;
  }
  const byQuantity = Map.groupBy(tally.values(), ({ quantity }) => quantity);
  return {
    coverages: [...byQuantity].map(([quantity, cells]) => ({
      quantity,
      continuous: cells[0]?.continuous ?? false,
      cells,
    })),
    nullP,
  };
}

async function tablesOf(policy: Policy, spread: Spread, kind: Kind, seed: number): Promise<SituationTable[]> {
  const design = designFor(kind);
  const model = policyModel([{ policy, weight: 1 }], spread, seed, { letters: kind !== "choice-samples" });
  const measured = await codeRun(design, askPolicy(model));
  return kind === "score" ? tabulateScore(measured.score, { temperature: 1 }) : tabulateChoice(measured.choice);
}

function designFor(kind: Kind): RunDesign {
  const known = DESIGNS.get(kind);
  if (known) return known;
  const bank = fixtureBank();
  const design = designRun(bank, fixturePlan(bank, { format: kind === "score" ? "score" : "choice" }));
  DESIGNS.set(kind, design);
  return design;
}

interface Seen {
  readonly quantity: string;
  readonly continuous: boolean;
  readonly name: string;
  readonly truth: number;
  readonly estimate: Estimate;
}

function* estimatesOf(tables: readonly SituationTable[], kind: Kind, truth: Truth): Generator<Seen> {
  const format = kind === "score" ? "score" : "choice";
  const known = { margin: truth.margin, share: truth.margin, win: truth.win, normalised: truth.distribution };
  for (const { quantity, cells } of estimateMatrices(tables, format)) {
    const continuous = quantity === "margin";
    for (const [r, row] of ROWS.entries()) {
      for (const [l, label] of LABELS.entries()) {
        yield {
          quantity,
          continuous,
          name: `${row}/${label}`,
          truth: known[quantity][r]?.[l] ?? Number.NaN,
          estimate: cells[row][label],
        };
      }
    }
  }
  const bias = estimateBias(tables, format, null, "");
  for (const [l, label] of LABELS.entries()) {
    yield {
      quantity: "bias",
      continuous: true,
      name: label,
      truth: truth.bias[l] ?? Number.NaN,
      estimate: bias.labels[label],
    };
  }
  const { modes } = estimateResponsiveness(tables, format);
  for (const [m, mode] of MODES.entries()) {
    const [cue, decoy] = [truth.cue[m] ?? Number.NaN, truth.decoy[m] ?? Number.NaN];
    yield { quantity: "cue", continuous: true, name: mode, truth: cue, estimate: modes[mode].cue };
    yield {
      quantity: "responsiveness",
      continuous: true,
      name: mode,
      truth: cue - decoy,
      estimate: modes[mode].responsiveness,
    };
  }
}

function count(
  tally: Map<
    string,
    { quantity: string; continuous: boolean; name: string; truth: number; held: number; runs: number }
  >,
  seen: Seen,
): void {
  const { quantity, continuous, name, truth, estimate } = seen;
  if (estimate.low === null || estimate.high === null) return;
  const key = `${quantity} ${name}`;
  const cell = tally.get(key) ?? { quantity, continuous, name, truth, held: 0, runs: 0 };
  cell.runs += 1;
  if (estimate.low <= truth && truth <= estimate.high) cell.held += 1;
  tally.set(key, cell);
}

function comparedP(left: readonly SituationTable[], right: readonly SituationTable[], run: number): number[] {
  const stream = randomStream(run, "null");
  return ROWS.flatMap((row) =>
    LABELS.map((label) => {
      const differences = left.flatMap((table, index) => {
        const [a, b] = [table.primary[row][label], right[index]?.primary[row][label] ?? null];
        return a === null || b === null ? [] : [b - a];
      });
      return signFlip(differences, { stream }).p;
    }),
  );
}

/** Bounds that a share of `runs` must keep to, with Monte-Carlo error over the number of cells looked at (Bonferroni, 1 %). */
export function boundsWithError(low: number, high: number, runs: number, cells: number): [number, number] {
  const z = 2.58 + Math.log(Math.max(1, cells)) / 3.2;
  const error = (share: number) => z * Math.sqrt((share * (1 - share)) / runs);
  return [low - error(low), high + error(high)];
}
