import type { OrdinalData } from "./ordinal-logit.ts";

/**
 * Rows alike in predictors, offset and category as one, of their weights together: the same fit from fewer rows.
 * In the order in which each first occurs; numbers that are not finite are left for the fit to refuse.
 */
export function poolRows({ x, predictors, y, weights, offset }: OrdinalData): OrdinalData {
  const first: number[] = [];
  const pooled: number[] = [];
  const places = new Map<string, number>();
  for (let row = 0; row < y.length; row += 1) {
    const own = x.subarray(row * predictors, (row + 1) * predictors);
    const key = `${y[row]},${offset?.[row] ?? 0},${own.join()}`;
    const weight = weights?.[row] ?? 1;
    const place = places.get(key);
    if (place === undefined) {
      places.set(key, first.length);
      first.push(row);
      pooled.push(weight);
    } else pooled[place] = (pooled[place] as number) + weight;
  }
  return {
    x: Float64Array.from(first.flatMap((row) => [...x.subarray(row * predictors, (row + 1) * predictors)])),
    predictors,
    y: first.map((row) => y[row] as number),
    weights: Float64Array.from(pooled),
    ...(offset ? { offset: Float64Array.from(first, (row) => offset[row] as number) } : {}),
  };
}
