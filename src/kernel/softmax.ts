import { goldenSection } from "./golden-section.ts";
import { mean, sum } from "./summary.ts";

/**
 * ln Σ exp(value) in nats, without overflow. Empty, or all −∞, gives −∞; any ∞ gives ∞; NaN gives NaN.
 */
export function logSumExp(values: readonly number[]): number {
  const greatest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(greatest)) return greatest;
  return greatest + Math.log(sum(values.map((value) => Math.exp(value - greatest))));
}

/**
 * exp(value / temperature), divided by their sum.
 *
 * Tied values share; −∞ gets 0; all −∞, any ∞ or any NaN gives NaN throughout; empty gives empty. Throws RangeError
 * unless temperature > 0.
 */
export function softmax(values: readonly number[], temperature = 1): number[] {
  requireTemperature(temperature);
  const greatest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  // The difference first: a value divided by a low temperature may overflow where the difference does not matter.
  const weights = values.map((value) => Math.exp((value - greatest) / temperature));
  const total = sum(weights);
  return weights.map((weight) => weight / total);
}

/**
 * Mean log loss in nats of the softmax at a temperature: −ln of the share of the right label, averaged over rows.
 *
 * `labels` are places in their rows. Equal values tie, equal infinities too; a right label at −∞ below a greater one
 * costs ∞; NaN gives NaN; no rows give NaN. Throws RangeError unless there is one label a row and each is a place in its
 * row, and unless temperature > 0.
 */
export function logLoss(logits: readonly (readonly number[])[], labels: readonly number[], temperature = 1): number {
  requireTemperature(temperature);
  return mean(leadsOf(logits, labels).map((row) => rowLoss(row, temperature)));
}

export interface FittedTemperature {
  temperature: number;
  /** Mean log loss there, in nats. */
  loss: number;
  /** Golden-section steps. */
  iterations: number;
  /** Where the least loss lies at an end of [1e-3, 1e3]; null where it is found inside. */
  edge: "lower" | "upper" | null;
}

const LOWEST = 1e-3;
const HIGHEST = 1e3;

/**
 * The temperature in [1e-3, 1e3] of least mean log loss, by golden section on ln T.
 *
 * The loss is convex in 1/T, so it falls and then rises in ln T. Separable rows, whose right label is always the greatest
 * value, have no minimum but get better the lower T is: the lower edge 1e-3 is returned and named. Rows in which the
 * values do no better than chance give the upper edge. All values equal within rows: every T is as good; the lower edge.
 * No rows, NaN, or an infinite loss at T = 1: temperature NaN and no edge. Errors as `logLoss`. Accurate to some 1e-8 of T, 1e-15 of the loss.
 * Reference: Guo, Pleiss, Sun & Weinberger 2017, ICML, PMLR 70, 1321–1330; Kiefer 1953, Proceedings of the AMS 4, 502–506.
 */
export function fitTemperature(logits: readonly (readonly number[])[], labels: readonly number[]): FittedTemperature {
  const rows = leadsOf(logits, labels);
  const lossAt = (logT: number): number => mean(rows.map((row) => rowLoss(row, Math.exp(logT))));
  const atOne = lossAt(0);
  if (!Number.isFinite(atOne)) return { temperature: Number.NaN, loss: atOne, iterations: 0, edge: null };
  const { place, loss, iterations } = goldenSection(lossAt, Math.log(LOWEST), Math.log(HIGHEST));
  const atLowest = lossAt(Math.log(LOWEST));
  if (atLowest <= loss) return { temperature: LOWEST, loss: atLowest, iterations, edge: "lower" };
  const atHighest = lossAt(Math.log(HIGHEST));
  if (atHighest <= loss) return { temperature: HIGHEST, loss: atHighest, iterations, edge: "upper" };
  return { temperature: Math.exp(place), loss, iterations, edge: null };
}

/** By how much each other label leads the right one, row by row; equal infinities are a tie. */
function leadsOf(logits: readonly (readonly number[])[], labels: readonly number[]): readonly (readonly number[])[] {
  if (logits.length !== labels.length) {
    throw new RangeError(`expected one label a row, received ${logits.length} rows and ${labels.length} labels`);
  }
  return logits.map((row, index) => {
    const label = labels[index] as number;
    const right = row[label];
    if (right === undefined) throw new RangeError(`expected a place in row ${index} as label, received ${label}`);
    return row.filter((_, place) => place !== label).map((value) => (value === right ? 0 : value - right));
  });
}

/** ln(1 + Σ exp(lead / temperature)); with the right label in front the sum is small and must not round to nothing. */
function rowLoss(leads: readonly number[], temperature: number): number {
  const scaled = leads.map((lead) => lead / temperature);
  return scaled.every((lead) => lead <= 0) ? Math.log1p(sum(scaled.map(Math.exp))) : logSumExp([0, ...scaled]);
}

function requireTemperature(temperature: number): void {
  if (!(temperature > 0)) throw new RangeError(`expected a temperature above 0, received ${temperature}`);
}
