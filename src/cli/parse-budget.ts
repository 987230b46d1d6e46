import { DashpotError } from "../model/error.ts";
import type { Budget } from "../model/run.ts";

const KINDS = ["calls", "tokens", "cost"] as const;

/** `calls=100,tokens=20000,cost=1.5`, in any order. Errors: `option-invalid`. */
export function parseBudget(text: string): Budget {
  const parts = text
    .slice(0, 200)
    .split(",")
    .map((part) => part.trim().split("="));
  const budget: { -readonly [K in keyof Budget]: Budget[K] } = {};
  for (const [name, value] of parts) {
    const kind = KINDS.find((one) => one === name);
    const amount = value === undefined || value.trim() === "" ? Number.NaN : Number(value);
    if (
      !kind ||
      budget[kind] !== undefined ||
      !(amount >= 0) ||
      !Number.isFinite(amount) ||
      (kind !== "cost" && !Number.isInteger(amount))
    ) {
      throw new DashpotError(
        "option-invalid",
        `expected calls=N, tokens=N or cost=N, received ${JSON.stringify(text.slice(0, 60))}, for --budget`,
        "write for example --budget calls=1000,tokens=500000",
      );
    }
    budget[kind] = amount;
  }
  return budget;
}
