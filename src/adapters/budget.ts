import { z } from "zod";
import { DashpotError } from "../model/error.ts";
import type { Capabilities, Usage } from "../model/language-model.ts";
import type { Budget, Totals } from "../model/run.ts";
import type { Call } from "../profile/ask.ts";

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

/** What a chat template puts around a message, and a server around a prompt. */
const TOKENS_A_MESSAGE = 16;
const TOKENS_A_PROMPT = 64;

/**
 * Tokens that a call may use at the most, if every reply is charged with the whole prompt: tokenisers that work on
 * bytes make no more tokens than a text has bytes in UTF-8. `reasoningTokens`: see `Capabilities`.
 */
export function worstCase(call: Call, reasoningTokens = 0): Usage {
  const { messages } = call.request;
  const prompt = messages.reduce((sum, { content }) => sum + bytes(content) + TOKENS_A_MESSAGE, TOKENS_A_PROMPT);
  if (call.kind === "score") {
    const replies = call.request.replies.reduce((sum, reply) => sum + bytes(reply), 0);
    // Completions must make one token a prompt even where it is asked only for the prompt's own.
    return {
      promptTokens: prompt * call.request.replies.length + replies,
      completionTokens: call.request.replies.length,
    };
  }
  const schema = call.request.schema ? bytes(JSON.stringify(call.request.schema)) : 0;
  return { promptTokens: prompt + schema, completionTokens: call.request.maximumTokens + reasoningTokens };
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

/** Error: `price-missing` where a cost is limited that nothing tells. */
export function refuseUnpriced(budget: Budget, price: Price | null): void {
  if (budget.cost === undefined || price) return;
  const fix = "name a file with --prices that holds the model";
  throw new DashpotError("price-missing", "expected a price for this model, received none, for --budget cost", fix);
}

/** Error: `usage-uncounted` where tokens or cost are limited and the endpoint does not tell what a call took. */
export function refuseUncounted(budget: Budget, { lacks }: Pick<Capabilities, "lacks">): void {
  if ((budget.tokens === undefined && budget.cost === undefined) || lacks.usage === undefined) return;
  throw new DashpotError(
    "usage-uncounted",
    `expected a server that counts tokens for a limit on tokens or cost, received one that does not: ${lacks.usage}`,
    "limit calls: --budget calls=N",
  );
}

/** Gives back what was reserved for a call; null: it was never answered. */
export type Settle = (used: Usage | null) => void;

/**
 * Stops a run before its budget is exceeded (R5): a call in flight is counted at its worst case until it is answered.
 *
 * A call that could go too far waits while others are in flight, for they seldom use their worst case, and so that they
 * are answered before the run stops. An endpoint that charged more than the worst case (for a hidden prompt, say) has all later ones raised by as
 * much. Tries without an answer are not counted: what they cost is not told.
 */
export class BudgetGuard {
  readonly #budget: Budget;
  readonly #price: Price | null;
  #spent: Usage & { readonly calls: number };
  readonly #isLimited: boolean;
  readonly #reserved = new Set<Usage>();
  #excess = 1;
  readonly #waiting = new Set<() => void>();

  constructor(budget: Budget, price: Price | null, spent: Omit<Totals, "cost">) {
    refuseUnpriced(budget, price);
    this.#budget = budget;
    this.#isLimited = Object.values(budget).some((limit) => limit !== undefined);
    this.#price = price;
    this.#spent = spent;
  }

  /** Takes the worst case of one call out of the budget. Errors: `budget-reached`, or the signal's reason. */
  async reserve(worst: Usage, signal: AbortSignal): Promise<Settle> {
    for (;;) {
      signal.throwIfAborted();
      const raised = {
        promptTokens: worst.promptTokens * this.#excess,
        completionTokens: worst.completionTokens * this.#excess,
      };
      const beyond = this.#firstBeyond(raised);
      if (!beyond) return this.#take(raised);
      if (this.#reserved.size === 0) throw reached(beyond);
      await this.#nextSettled(signal);
    }
  }

  #take(worst: Usage): Settle {
    const reservation = { ...worst };
    this.#reserved.add(reservation);
    return (used) => {
      if (!this.#reserved.delete(reservation)) return;
      if (used) this.#spend(used, reservation);
      for (const wake of [...this.#waiting]) wake();
    };
  }

  #spend(used: Usage, worst: Usage): void {
    this.#spent = { calls: this.#spent.calls + 1, ...sum([this.#spent, used]) };
    const times = tokensOf(used) / Math.max(1, tokensOf(worst));
    if (times > 1) this.#excess *= times;
  }

  #firstBeyond(worst: Usage): Beyond | null {
    if (!this.#isLimited) return null;
    const all = sum([this.#spent, ...this.#reserved, worst]);
    const wanted = {
      calls: this.#spent.calls + this.#reserved.size + 1,
      tokens: tokensOf(all),
      cost: costOf(all, this.#price) ?? 0,
    };
    for (const kind of ["calls", "tokens", "cost"] as const) {
      const limit = this.#budget[kind];
      if (limit !== undefined && wanted[kind] > limit) return { kind, limit, wanted: wanted[kind] };
    }
    return null;
  }

  #nextSettled(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }
}

interface Beyond {
  readonly kind: keyof Budget;
  readonly limit: number;
  readonly wanted: number;
}

function sum(usages: readonly Usage[]): Usage {
  const total = { promptTokens: 0, completionTokens: 0 };
  for (const { promptTokens, completionTokens } of usages) {
    total.promptTokens += promptTokens;
    total.completionTokens += completionTokens;
  }
  return total;
}

function tokensOf({ promptTokens, completionTokens }: Usage): number {
  return promptTokens + completionTokens;
}

function reached({ kind, limit, wanted }: Beyond): DashpotError {
  return new DashpotError(
    "budget-reached",
    `expected at most ${limit} ${kind}, received a call that could bring it to ${Number(wanted.toPrecision(6))}`,
    "raise --budget and go on with: dashpot resume DIR",
    { exit: 3 },
  );
}
