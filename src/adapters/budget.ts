import { z } from "zod";
import { DashpotError } from "../model/error.ts";
import type { Usage } from "../model/language-model.ts";
import type { Budget, Totals } from "../model/run.ts";

/** Prices of a model in the user's currency, for each million tokens. */
export interface Price {
  readonly promptPerMillion: number;
  readonly completionPerMillion: number;
}

export const priceFileSchema = z.record(
  z.string(),
  z.strictObject({ promptPerMillion: z.number().min(0), completionPerMillion: z.number().min(0) }),
);

export function costOf(usage: Usage, price: Price | null): number | null {
  if (!price) return null;
  return (usage.promptTokens * price.promptPerMillion + usage.completionTokens * price.completionPerMillion) / 1e6;
}

/**
 * Stops a run before its budget is exceeded (R5): a call in flight is counted at its worst case until it is answered.
 */
export class BudgetGuard {
  readonly #budget: Budget;
  readonly #price: Price | null;
  #calls: number;
  #tokens: number;
  #cost: number;

  constructor(budget: Budget, price: Price | null, spent: Omit<Totals, "cost">) {
    if (budget.cost !== undefined && !price) {
      throw new DashpotError(
        "price-missing",
        "expected a price for this model, received none, for --budget cost",
        "name a file with --prices that holds the model",
      );
    }
    this.#budget = budget;
    this.#price = price;
    this.#calls = spent.calls;
    this.#tokens = spent.promptTokens + spent.completionTokens;
    this.#cost = costOf(spent, price) ?? 0;
  }

  /** Takes the worst case of one call out of the budget; the answer gives back what was not used. */
  reserve(worst: Usage): (used: Usage | null) => void {
    const tokens = worst.promptTokens + worst.completionTokens;
    const cost = costOf(worst, this.#price) ?? 0;
    this.#refuseBeyond("calls", this.#calls + 1);
    this.#refuseBeyond("tokens", this.#tokens + tokens);
    this.#refuseBeyond("cost", this.#cost + cost);
    this.#calls += 1;
    this.#tokens += tokens;
    this.#cost += cost;
    return (used) => {
      if (!used) this.#calls -= 1;
      this.#tokens += (used ? used.promptTokens + used.completionTokens : 0) - tokens;
      this.#cost += (used ? (costOf(used, this.#price) ?? 0) : 0) - cost;
    };
  }

  #refuseBeyond(kind: keyof Budget, wanted: number): void {
    const limit = this.#budget[kind];
    if (limit === undefined || wanted <= limit) return;
    throw new DashpotError(
      "budget-reached",
      `expected at most ${limit} ${kind}, received a call that could bring it to ${Number(wanted.toPrecision(6))}`,
      "raise --budget and go on with: dashpot resume DIR",
      { exit: 3 },
    );
  }
}
