import type { RandomStream } from "./random.ts";

/** What may change places where outcomes have nothing to do with the cases. */
export type Exchange = "all" | "whole blocks" | "within blocks";

/**
 * A random order of cases: case i takes the outcome of case order[i].
 *
 * `blocks` hold every case once. `all` lets everything change places; `within blocks` keeps outcomes in their block;
 * `whole blocks` lays the blocks, each shuffled, in one random order onto the places of the blocks in another, so that blocks of one
 * size change places whole and outcomes that were neighbours mostly stay so where sizes differ.
 */
export function permutedOrder(
  blocks: readonly (readonly number[])[],
  exchange: Exchange,
  stream: RandomStream,
): Int32Array {
  const places = exchange === "whole blocks" ? stream.shuffle(blocks).flat() : blocks.flat();
  const sources =
    exchange === "all"
      ? stream.shuffle(blocks.flat())
      : (exchange === "whole blocks" ? stream.shuffle(blocks) : blocks).flatMap((block) => stream.shuffle(block));
  const order = new Int32Array(places.length);
  for (const [at, place] of places.entries()) order[place] = sources[at] as number;
  return order;
}

/** How many orders there are, at most `most`. */
export function countOrders(blocks: readonly (readonly number[])[], exchange: Exchange, most: number): number {
  const sizes =
    exchange === "all" ? [blocks.flat().length] : exchange === "whole blocks" ? [blocks.length] : blocks.map(sizeOf);
  let count = 1;
  for (const size of sizes) for (let factor = 2; factor <= size && count < most; factor += 1) count *= factor;
  return Math.min(count, most);
}

function sizeOf({ length }: readonly number[]): number {
  return length;
}
