import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { DashpotError } from "../model/error.ts";
import { type Price, priceFileSchema } from "./budget.ts";

/** The price of a model in a user's file (`MODEL: {promptPerMillion, completionPerMillion}`); null where the file does not hold it. Errors: `prices-unreadable`. */
export async function priceFor(path: string, model: string): Promise<Price | null> {
  const read = async () => priceFileSchema.parse(parse(await readFile(path, "utf8"), { logLevel: "error" }));
  const prices = await read().catch((cause: unknown) => {
    throw new DashpotError(
      "prices-unreadable",
      `expected a file of prices, received none that can be read, at ${path}`,
      "write a line `openai:NAME: {promptPerMillion: 1, completionPerMillion: 4}` a model",
      { cause },
    );
  });
  return Object.hasOwn(prices, model) ? (prices[model] ?? null) : null;
}
