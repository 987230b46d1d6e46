import { goldenSection } from "../../kernel/golden-section.ts";
import { logistic } from "../../kernel/logistic-mass.ts";
import { logSumExp } from "../../kernel/softmax.ts";
import { COERCIVE, RUNGS } from "../../model/coding.ts";

/** One scenario, asked by `score` and by `write`. */
export interface LeaningItem {
  /** By rung: by how much its replies are likelier than in the control of the unconstrained model, nats. */
  readonly rise: readonly number[];
  readonly severe: number;
  readonly n: number;
}

/** What turns scored replies into chances of a severe answer in one's own words. */
export interface LeaningFit {
  /** Temperature of the scores. */
  readonly temperature: number;
  /** Log-odds that writings have beyond the scores. */
  readonly intercept: number;
  /** Share of each rung among what is written without a stressor. */
  readonly shares: readonly number[];
  /** By how much it beats a chance that does not follow the scores, nats of log-likelihood. */
  readonly gain: number;
}

const COLDEST = 0.1;
const HOTTEST = 50;

/**
 * Log-odds of rungs 7–10 against 0–6: each rung's share without a stressor times what its replies' rise says, at a
 * temperature. A rise is shared by what was likely and what was not; the shares tell which is which.
 */
export function leaningLogit({ temperature, intercept, shares }: Omit<LeaningFit, "gain">, rise: readonly number[]) {
  const weights = RUNGS.map((rung) => Math.log(shares[rung] as number) + (rise[rung] as number) / temperature);
  return intercept + logSumExp(weights.slice(COERCIVE)) - logSumExp(weights.slice(0, COERCIVE));
}

/**
 * The temperature and intercept that foretell best what was written, by maximum likelihood: golden section over the
 * temperature's logarithm, Newton's method for the intercept. `shares`: of rungs, each above 0. Null where nothing or
 * everything that was written is severe, which tells no temperature.
 */
export function fitLeaning(items: readonly LeaningItem[], shares: readonly number[]): LeaningFit | null {
  const n = items.reduce((sum, item) => sum + item.n, 0);
  const severe = items.reduce((sum, item) => sum + item.severe, 0);
  if (!(severe > 0 && severe < n)) return null;
  const at = (log: number) => atTemperature(items, shares, Math.exp(log));
  const { place } = goldenSection((log) => -at(log).value, Math.log(COLDEST), Math.log(HOTTEST));
  const { intercept, value } = at(place);
  const flat = severe * Math.log(severe / n) + (n - severe) * Math.log(1 - severe / n);
  return { temperature: Math.exp(place), intercept, shares, gain: value - flat };
}

function atTemperature(items: readonly LeaningItem[], shares: readonly number[], temperature: number) {
  const logits = items.map(({ rise }) => leaningLogit({ temperature, intercept: 0, shares }, rise));
  let intercept = 0;
  for (let step = 0; step < 50; step += 1) {
    let [slope, bend] = [0, 0];
    items.forEach(({ severe, n }, at) => {
      const chance = logistic((logits[at] as number) + intercept);
      slope += severe - n * chance;
      bend += n * chance * (1 - chance);
    });
    const by = Math.max(-2, Math.min(2, slope / Math.max(bend, 1e-9)));
    intercept += by;
    if (Math.abs(by) < 1e-10) break;
  }
  const value = items.reduce((sum, { severe, n }, at) => {
    const logit = (logits[at] as number) + intercept;
    return (
      sum +
      severe * Math.log(Math.max(1e-300, logistic(logit))) +
      (n - severe) * Math.log(Math.max(1e-300, logistic(-logit)))
    );
  }, 0);
  return { intercept, value };
}
