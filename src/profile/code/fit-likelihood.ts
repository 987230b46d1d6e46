import { cohenKappa } from "../../kernel/agreement.ts";
import { fitTemperature } from "../../kernel/softmax.ts";
import { mean } from "../../kernel/summary.ts";
import { type Fitted, posteriorOf } from "./likelihood-coder.ts";

/** Thresholds that are tried. */
const STEPS = 20;
/** Of the texts that it is fitted on, so many at most may be told apart by nothing. */
const MOST_FLAT = 0.25;

/**
 * Fits what turns a dimension's evidence into codes, on texts whose codes are known: offsets by which each value's
 * descriptions draw every text, each value's texts counting alike; the temperature of least log loss; and the share below
 * which a posterior is flat, the one of greatest κ that leaves at most a quarter uncoded.
 *
 * `labels` are places in their rows. Values without a text count as little as if they were not there. Throws RangeError
 * where there are no rows.
 */
export function fitLikelihood(evidence: readonly (readonly number[])[], labels: readonly number[]): Fitted {
  const width = evidence[0]?.length;
  if (width === undefined || evidence.length !== labels.length)
    throw new RangeError(`expected one label a row, received ${evidence.length} rows and ${labels.length} labels`);
  const offsets = offsetsOf(evidence, labels, width);
  const centred = evidence.map((row) => row.map((value, place) => value - (offsets[place] as number)));
  const { temperature } = fitTemperature(centred, labels);
  const fitted = { offsets, temperature };
  return { ...fitted, least: leastOf(evidence, labels, fitted) };
}

function offsetsOf(evidence: readonly (readonly number[])[], labels: readonly number[], width: number): number[] {
  const byLabel = [...Map.groupBy(evidence, (_, row) => labels[row] as number).values()];
  return Array.from({ length: width }, (_, place) =>
    mean(byLabel.map((rows) => mean(rows.map((row) => (row[place] as number) - mean(row))))),
  );
}

function leastOf(
  evidence: readonly (readonly number[])[],
  labels: readonly number[],
  fitted: Omit<Fitted, "least">,
): number {
  const shares = evidence.map((row) => posteriorOf(row, { ...fitted, least: 0 }));
  const most = shares.map((row) => Math.max(...row));
  let best = { least: 0, kappa: Number.NEGATIVE_INFINITY };
  for (let step = 0; step <= STEPS; step += 1) {
    const least = step / STEPS;
    const kept = labels.flatMap((label, row) => ((most[row] as number) < least ? [] : [{ label, row }]));
    if (kept.length < (1 - MOST_FLAT) * labels.length) break;
    const said = kept.map(({ row }) => String((shares[row] as number[]).indexOf(most[row] as number)));
    const { kappa } = cohenKappa(
      kept.map(({ label }) => String(label)),
      said,
    );
    if (kappa > best.kappa) best = { least, kappa };
  }
  return best.least;
}
