import { type FuzzOutcome, fuzz } from "./target.ts";
import { TARGETS } from "./targets.ts";

/** One chunk of cases in a process of its own, so that a case that never ends or takes all memory can be told. */
export interface Chunk {
  readonly target: string;
  readonly cases: number;
  readonly seed: number;
}

if (import.meta.main) {
  const { target, cases, seed } = JSON.parse(process.argv[2] as string) as Chunk;
  const found = TARGETS.find(({ name }) => name === target);
  if (!found) throw new Error(`expected a fuzz target, received ${target}`);
  const outcome: FuzzOutcome = await fuzz(found, cases, seed);
  process.send?.(outcome, () => process.disconnect());
}
