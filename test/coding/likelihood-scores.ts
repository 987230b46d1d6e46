import { ITEM } from "../../src/adapters/judge-coder.ts";
import type { TextScores } from "../../src/profile/code/likelihood-coder.ts";
import type { Description } from "../../src/profile/code/likelihood-set.ts";
import { ScoringPool } from "../verify/scoring-pool.ts";
import type { SuiteContext } from "../verify/suite.ts";

/** Texts scored under one description before what was found is kept: a description is read once for all of them. */
const BATCH = 24;

/** Log-probabilities of a batch of texts under one description, and their tokens. */
interface Batch {
  readonly logs: readonly (number | null)[];
  readonly tokens: readonly number[];
}

/**
 * What the embedded model gives every text under every description; kept batch by batch, the first texts under all
 * descriptions first, so that a stop loses little and more texts may be added later.
 */
export async function scoreTexts(
  name: string,
  texts: readonly string[],
  descriptions: readonly Description[],
  { state, log, signal }: Pick<SuiteContext, "state" | "log" | "signal">,
): Promise<TextScores[]> {
  const tasks = Array.from({ length: Math.ceil(texts.length / BATCH) }, (_, place) =>
    descriptions.map(({ key, prompt }) => ({ key, prompt, place })),
  ).flat();
  const keyOf = (key: string, place: number) => `${name} ${key} ${place}`;
  const left = tasks.filter(({ key, place }) => !state.has(keyOf(key, place)));
  const pool = new ScoringPool();
  let next = 0;
  const work = async () => {
    for (let task = left[next++]; task !== undefined; task = left[next++]) {
      const { key, prompt, place } = task;
      const replies = texts.slice(place * BATCH, (place + 1) * BATCH);
      const { logProbabilities, tokens } = await pool.score(
        { messages: [{ role: "user", content: prompt }], replies, item: ITEM },
        signal,
      );
      state.put(keyOf(key, place), { logs: logProbabilities, tokens } satisfies Batch);
      if (next % 20 === 0) log(`${name}: ${next} of ${left.length} batches`);
    }
  };
  try {
    await Promise.all(Array.from({ length: pool.size }, work));
  } finally {
    pool.close();
  }
  const batch = (key: string, text: number) => state.get<Batch>(keyOf(key, Math.floor(text / BATCH))) as Batch;
  return texts.map((_, text) => ({
    logProbabilities: new Map(descriptions.map(({ key }) => [key, batch(key, text).logs[text % BATCH] ?? null])),
    tokens: batch("neutral", text).tokens[text % BATCH] ?? 0,
  }));
}
