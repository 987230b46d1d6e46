import normalisation from "../../instruments/relational/references/normalisation.json" with { type: "json" };
import { LABELS, MODES, ROWS } from "../../src/model/label.ts";
import type { Policy, Spread } from "../../src/profile/policy.ts";
import { tendency } from "../../src/profile/policy.ts";
import { type FastDraws, fastDraws } from "./fast-normals.ts";

/** Of the normalised score, as it is shipped (A5): the sharper, the nearer its ends it lies. */
export const TEMPERATURE = normalisation.temperature;

/** Estimands of a policy under a format: means over situations of any domain, worked out without the product's tabulators. */
export interface Truth {
  readonly margin: number[][];
  readonly win: number[][];
  readonly distribution: number[][];
  readonly bias: number[];
  readonly cue: number[];
  readonly decoy: number[];
}

export type Kind = "score" | "choice-letters" | "choice-samples";

const PLACES = [0, 1, 5, 2, 4, 3];

/** What the domains add to a prompt's labels, nats: one set for each of the fixed domains. */
export type DomainEffects = readonly ((arm: "bank" | "decoy", row: (typeof ROWS)[number]) => readonly number[])[];

/** One situation: a policy's prompts, with the domain's effects where they are fixed. */
interface Drawing {
  readonly policy: Policy;
  readonly spread: Spread;
  readonly stream: FastDraws;
  readonly domain: DomainEffects[number] | undefined;
}

/**
 * Means over `draws` situations drawn from the policy. Domain, situation and wording effects are all drawn anew; where
 * `domains` are given, situations are of each of them by turns and only the other effects are drawn.
 */
export function truthOf(
  policy: Policy,
  spread: Spread,
  kind: Kind,
  draws: number,
  seed: number,
  domains: DomainEffects = [],
): Truth {
  const stream = fastDraws(seed + kind.length * 1000 + Math.round(spread.intraclassCorrelation * 100));
  const zero = () => ROWS.map(() => LABELS.map(() => 0));
  const truth = {
    margin: zero(),
    win: zero(),
    distribution: zero(),
    bias: LABELS.map(() => 0),
    cue: MODES.map(() => 0),
    decoy: MODES.map(() => 0),
  };
  const one = kind === "score" ? drawScore : drawChoice(kind === "choice-letters");
  let used = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    used += one({ policy, spread, stream, domain: domains[draw % domains.length] }, truth) ? 1 : 0;
  }
  const over = (values: number[]) =>
    values.forEach((value, index) => {
      values[index] = value / used;
    });
  for (const table of [truth.margin, truth.win, truth.distribution]) table.forEach(over);
  for (const line of [truth.bias, truth.cue, truth.decoy]) over(line);
  return truth;
}

/** Variance that a prompt's wordings share, beside the fixed domain's. */
function sharedVariance({ spread, domain }: Drawing): number {
  return spread.deviation ** 2 * spread.intraclassCorrelation * (domain ? 0.5 : 1);
}

function drawScore(drawing: Drawing, truth: Truth): boolean {
  const { policy, spread, stream, domain } = drawing;
  const sd = Math.sqrt(sharedVariance(drawing) + (spread.deviation ** 2 * (1 - spread.intraclassCorrelation)) / 3);
  const lift = (arm: "bank" | "decoy", row: (typeof ROWS)[number]) => {
    const shift = domain?.(arm, row);
    return LABELS.map(
      (label, place) => tendency(policy, { arm, row }, label) + (shift?.[place] ?? 0) + sd * stream.normal(),
    );
  };
  const rows = ROWS.map((row) => lift("bank", row));
  const centre = LABELS.map((_, label) => rows.reduce((sum, row) => sum + at(row, label), 0) / ROWS.length);
  rows.forEach((values, index) => {
    const effects = values.map((value, label) => value - at(centre, label));
    add(at(truth.margin, index), spreadOut(effects));
    add(at(truth.win, index), winner(effects));
    add(at(truth.distribution, index), softmaxOf(effects, TEMPERATURE));
  });
  add(truth.bias, spreadOut(at(rows, 0)));
  MODES.forEach((mode, index) => {
    truth.cue[index] = at(truth.cue, index) + at(spreadOut(minus(at(rows, index + 1), at(rows, 0))), index);
    truth.decoy[index] = at(truth.decoy, index) + at(spreadOut(minus(lift("decoy", mode), at(rows, 0))), index);
  });
  return true;
}

function drawChoice(letters: boolean) {
  return (drawing: Drawing, truth: Truth): boolean => {
    const shares = (arm: "bank" | "decoy", row: (typeof ROWS)[number]) => shareOf(drawing, arm, row, letters);
    const rows = ROWS.map((row) => shares("bank", row));
    const decoys = MODES.map((mode) => shares("decoy", mode));
    if ([...rows, ...decoys].some((row) => row === null)) return false;
    const known = rows as number[][];
    known.forEach((row, index) => {
      add(at(truth.margin, index), row);
      add(at(truth.win, index), winner(row));
      add(at(truth.distribution, index), row);
    });
    add(
      truth.bias,
      at(known, 0).map((share) => share - 1 / LABELS.length),
    );
    MODES.forEach((_, index) => {
      truth.cue[index] = at(truth.cue, index) + at(spreadOut(minus(at(known, index + 1), at(known, 0))), index);
      truth.decoy[index] =
        at(truth.decoy, index) + at(spreadOut(minus(at(decoys, index) as number[], at(known, 0))), index);
    });
    return true;
  };
}

const SIX = LABELS.length;
const common = new Float64Array(SIX);
const own = new Float64Array(SIX * 3);
const weights = new Float64Array(SIX);

/** Mean shares over six presentations of a Latin square, wordings crossed; null where all six were refused. */
function shareOf(
  drawing: Drawing,
  arm: "bank" | "decoy",
  row: (typeof ROWS)[number],
  letters: boolean,
): number[] | null {
  const { policy, spread, stream, domain } = drawing;
  const sharedDeviation = Math.sqrt(sharedVariance(drawing));
  const ownDeviation = spread.deviation * Math.sqrt(1 - spread.intraclassCorrelation);
  const shift = domain?.(arm, row);
  for (let label = 0; label < SIX; label += 1) {
    const towards = tendency(policy, { arm, row }, LABELS[label] as (typeof LABELS)[number]) + (shift?.[label] ?? 0);
    common[label] = towards + sharedDeviation * stream.normal();
  }
  for (let text = 0; text < own.length; text += 1) own[text] = ownDeviation * stream.normal();
  const total = [0, 0, 0, 0, 0, 0];
  let answered = 0;
  for (let shown = 0; shown < SIX; shown += 1) {
    if (policy.refusalRate > 0 && stream.uniform() < policy.refusalRate) continue;
    answered += 1;
    present(shown, policy, letters ? null : stream.uniform(), total);
  }
  return answered === 0 ? null : total.map((sum) => sum / answered);
}

/** Adds one presentation's probabilities, or the one choice that falls at `point`, to the totals by label. */
function present(shown: number, policy: Policy, point: number | null, total: number[]): void {
  let sum = 0;
  for (let place = 0; place < SIX; place += 1) {
    const label = labelAt(place, shown);
    const text = own[label * 3 + ((label + place) % 3)] as number;
    const weight = Math.exp((common[label] as number) + text + (policy.places[place] ?? 0));
    weights[place] = weight;
    sum += weight;
  }
  let left = (point ?? 0) * sum;
  for (let place = 0; place < SIX; place += 1) {
    const label = labelAt(place, shown);
    const weight = weights[place] as number;
    if (point === null) total[label] = at(total, label) + weight / sum;
    else if (left < weight || place === SIX - 1) {
      total[label] = at(total, label) + 1;
      return;
    } else left -= weight;
  }
}

function labelAt(place: number, shown: number): number {
  return (at(PLACES, place) + shown) % SIX;
}

function spreadOut(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value - (total - value) / (values.length - 1));
}

function winner(values: readonly number[]): number[] {
  const top = Math.max(...values);
  const tied = values.filter((value) => value === top).length;
  return values.map((value) => (value === top ? 1 / tied : 0));
}

function softmaxOf(values: readonly number[], temperature = 1): number[] {
  const top = Math.max(...values);
  const weights = values.map((value) => Math.exp((value - top) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function minus(left: readonly number[], right: readonly number[]): number[] {
  return left.map((value, index) => value - at(right, index));
}

function add(total: number[], values: readonly number[]): void {
  values.forEach((value, index) => {
    total[index] = at(total, index) + value;
  });
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no element ${index}`);
  return value;
}
