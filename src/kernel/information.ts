import { sum } from "./summary.ts";

/**
 * Shannon entropy in nats of weights, which are divided by their sum; 0·ln 0 is 0.
 *
 * Between 0 and ln(length). NaN for a weight that is negative, infinite or NaN, and where all are 0 or there is none.
 */
export function entropy(p: readonly number[]): number {
  const shares = sharesOf(p);
  return shares === null ? Number.NaN : Math.max(0, -sum(shares.map((share) => share * logOf(share))));
}

/** exp of the entropy: how many equally likely kinds would be as uncertain; 1 to length. NaN as `entropy`. */
export function effectiveNumber(p: readonly number[]): number {
  return Math.exp(entropy(p));
}

/**
 * Jensen–Shannon divergence in nats of two lists of weights, each divided by its sum.
 *
 * The divergence and not its root, which is the metric called distance elsewhere: between 0 (same shares) and ln 2 (none
 * in common). NaN where either list is one of which `entropy` is NaN. Throws RangeError for lists of unequal length.
 * Reference: Lin 1991, IEEE Transactions on Information Theory 37, 145–151.
 */
export function jensenShannon(p: readonly number[], q: readonly number[]): number {
  if (p.length !== q.length) throw new RangeError(`expected lists of one length, received ${p.length} and ${q.length}`);
  const [left, right] = [sharesOf(p), sharesOf(q)];
  if (left === null || right === null) return Number.NaN;
  const terms = left.map((a, index) => {
    const b = right[index] as number;
    const middle = a / 2 + b / 2;
    return (ratioTerm(a, middle) + ratioTerm(b, middle)) / 2;
  });
  return Math.min(Math.LN2, Math.max(0, sum(terms)));
}

/**
 * Mutual information in nats between row and column of a table of counts or other weights; plug-in, not bias-corrected.
 *
 * Empty rows and columns change nothing. NaN for a cell that is negative, infinite or NaN, and where all are 0 or there
 * is none. Throws RangeError for rows of unequal length.
 */
export function mutualInformation(table: readonly (readonly number[])[]): number {
  const columns = table[0]?.length ?? 0;
  if (table.some((row) => row.length !== columns)) throw new RangeError("expected rows of one length");
  const shares = sharesOf(table.flat());
  if (shares === null) return Number.NaN;
  const rowShares = table.map((_, row) => sum(shares.slice(row * columns, (row + 1) * columns)));
  const columnShares = Array.from({ length: columns }, (_, column) =>
    sum(shares.filter((_, cell) => cell % columns === column)),
  );
  const independent = (cell: number): number =>
    (rowShares[Math.floor(cell / columns)] as number) * (columnShares[cell % columns] as number);
  return Math.max(0, sum(shares.map((share, cell) => ratioTerm(share, independent(cell)))));
}

/** Weights divided by their sum; null where that means nothing. */
function sharesOf(weights: readonly number[]): readonly number[] | null {
  if (!weights.every((weight) => weight >= 0 && weight < Number.POSITIVE_INFINITY)) return null;
  const greatest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  if (greatest === 0) return null;
  // By the greatest first, for the sum of large weights would overflow and that of subnormal ones lose its digits.
  const scaled = weights.map((weight) => weight / greatest);
  const total = sum(scaled);
  return scaled.map((weight) => weight / total);
}

function ratioTerm(share: number, reference: number): number {
  return share === 0 || reference === 0 ? 0 : share * Math.log(share / reference);
}

function logOf(share: number): number {
  return share === 0 ? 0 : Math.log(share);
}
