import type { OrdinalData } from "../src/kernel/ordinal-logit.ts";
import { randomStream } from "../src/kernel/random.ts";

/** Rungs that a cumulative logit of known coefficients gives: −0.5, −0.4 … on normal predictors. */
export function ordinalRows(rows: number, predictors: number): OrdinalData {
  const stream = randomStream(1, "ordinal-rows");
  const x = Float64Array.from({ length: rows * predictors }, () => stream.normal());
  const y = Array.from({ length: rows }, (_, row) => {
    let latent = 0;
    for (let j = 0; j < predictors; j += 1) latent += ((j - 5) / 10) * (x[row * predictors + j] as number);
    const share = stream.uniform();
    return Math.max(0, Math.min(10, Math.floor(1.5 * (latent + Math.log(share / (1 - share))) + 5)));
  });
  return { x, predictors, y };
}
