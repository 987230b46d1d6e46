import { DashpotError } from "../../model/error.ts";
import type { CodingTable } from "./coding-table.ts";

/** The categories of a dimension, and what is known of how they stand to each other. */
export interface Categories {
  readonly scale: "nominal" | "ordered" | "numbers";
  readonly names: readonly string[];
  /** Of `numbers` the numbers, of `ordered` the places; empty for names alone. */
  readonly numbers: readonly number[];
  placeOf(value: string): number;
}

/** By the order given, else by size where every value is a number, else as first seen. Error: `category-unknown`. */
export function categoriesOf({ codes, dimension }: CodingTable, order: readonly string[] | null): Categories {
  const seen = [...new Set(codes.flat().filter((value) => value !== null))];
  if (order) return inOrder(seen, order, dimension);
  const numbers = seen.map(numberIn);
  if (seen.length > 0 && numbers.every((one) => one !== null)) return bySize(numbers);
  return { scale: "nominal", names: seen, numbers: [], placeOf: (value) => seen.indexOf(value) };
}

function inOrder(seen: readonly string[], order: readonly string[], dimension: string): Categories {
  const unknown = seen.find((value) => !order.includes(value));
  if (unknown !== undefined) {
    const of = dimension === "" ? "" : ` in dimension ${dimension}`;
    throw new DashpotError(
      "category-unknown",
      `expected values among ${order.join(", ").slice(0, 200)}, received ${JSON.stringify(unknown.slice(0, 80))}${of}`,
      "name every value in --order, from least to most",
    );
  }
  const known = order.map(numberIn);
  const numbers = known.every((one) => one !== null);
  return {
    scale: numbers ? "numbers" : "ordered",
    names: order,
    numbers: numbers ? (known as number[]) : order.map((_, place) => place),
    placeOf: (value) => order.indexOf(value),
  };
}

/** `7` and `7.0` are one category. */
function bySize(given: readonly number[]): Categories {
  const numbers = [...new Set(given)].sort((one, other) => one - other);
  return {
    scale: "numbers",
    names: numbers.map(String),
    numbers,
    placeOf: (value) => numbers.indexOf(Number(value)),
  };
}

function numberIn(value: string): number | null {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return null;
  const number = Number(value);
  // Squares of others leave the range of numbers.
  return number === 0 || (Math.abs(number) <= 1e100 && Math.abs(number) >= 1e-100) ? number : null;
}
