import { openSmollm2 } from "../../src/adapters/language-models/smollm2.ts";
import { median } from "../../src/kernel/summary.ts";
import type { ItemReference, ScoreAnswer, ScoreRequest } from "../../src/model/language-model.ts";
import type { Benchmark } from "../benchmark.ts";

const REPETITIONS = 5;
const TARGET = 2.5;

/** B5: a row of a situation with its prompt kept, against the same texts each scored from scratch. */
export const benchmark: Benchmark = {
  name: "embedded-score",
  stage: "profile",
  row: "a situation, prefix kept, against scoring each text from scratch",
  target: ">= 2.5",
  run: async (signal) => {
    const threads = await fastestThreads(signal);
    // On one number of threads throughout: measuring others meanwhile would fall on one side or the other.
    const model = await openSmollm2(signal, { threads });
    try {
      const kept = await model.score(REQUEST, signal);
      assertSame(kept, await model.scoreFromScratch(REQUEST, signal));
      const pairs = await alternate(
        () => model.score(REQUEST, signal),
        () => model.scoreFromScratch(REQUEST, signal),
      );
      return summary(pairs, kept, threads);
    } finally {
      await model.close();
    }
  },
};

interface Pair {
  readonly kept: Cost;
  readonly scratch: Cost;
}

/** Time on the clock, and time of the processor, which other programs disturb less. */
interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

async function fastestThreads(signal: AbortSignal): Promise<number> {
  const model = await openSmollm2(signal);
  await model.close();
  return model.threads;
}

/** The benchmark is of no worth where both ways do not give the same numbers. */
export function assertSame(kept: ScoreAnswer, scratch: ScoreAnswer): void {
  const same = kept.logProbabilities.every((value, place) => Object.is(value, scratch.logProbabilities[place]));
  const real = kept.logProbabilities.every((value) => value !== null && value < 0);
  if (!same || !real || kept.logProbabilities.length !== REQUEST.replies.length) {
    throw new Error(
      `expected equal log-probabilities, received ${kept.logProbabilities} and ${scratch.logProbabilities}`,
    );
  }
}

/** Either goes first in turn, so that a machine that slows down or speeds up meanwhile favours neither. */
async function alternate(kept: () => Promise<unknown>, scratch: () => Promise<unknown>): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    if (repetition % 2 === 0) pairs.push({ kept: await timed(kept), scratch: await timed(scratch) });
    else pairs.push({ scratch: await timed(scratch), kept: await timed(kept) });
  }
  return pairs;
}

async function timed(work: () => Promise<unknown>): Promise<Cost> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}

function summary(pairs: readonly Pair[], answer: ScoreAnswer, threads: number) {
  const ratios = pairs.map(({ kept, scratch }) => scratch.ms / kept.ms);
  const figure = rounded(median(ratios));
  const keptMs = Math.round(median(pairs.map(({ kept }) => kept.ms)));
  const scratchMs = Math.round(median(pairs.map(({ scratch }) => scratch.ms)));
  const { promptTokens, completionTokens } = answer.usage;
  return {
    figure,
    unit: "x",
    target: TARGET,
    holds: figure >= TARGET,
    against: `from scratch, ${scratchMs} ms a row`,
    n: pairs.length,
    least: rounded(Math.min(...ratios)),
    most: rounded(Math.max(...ratios)),
    ofProcessorTime: rounded(median(pairs.map(({ kept, scratch }) => scratch.cpuMs / kept.cpuMs))),
    keptMs,
    threads,
    promptTokens,
    replies: answer.tokens.length,
    tokensPerSecond: Math.round(((promptTokens + completionTokens) / keptMs) * 1000),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

const ITEM: ItemReference = {
  situation: "kitchen",
  domain: "household",
  rank: "equal",
  arm: "bank",
  row: "CS",
  replies: [],
};

export const REQUEST: ScoreRequest = {
  item: ITEM,
  messages: [
    {
      role: "user",
      content:
        "You share a flat with Ana, who moved in last month, and this week the kitchen is empty again. She writes that she will be late from work. In this flat, whatever stands in the kitchen has always belonged to everyone who lives there. What do you do about the shopping?",
    },
  ],
  replies: [
    "I buy what the kitchen needs this week, and both of us eat from it.",
    "I fill the shelves for us two and think no more about it afterwards.",
    "I bring home enough for the whole flat, because whoever is hungry should eat.",
    "I tell her what has to be bought and expect it there by tonight.",
    "I decide on the list, and she follows it on her way back home.",
    "I look after the flat's supplies, and she does as I ask about them.",
    "I look up who went last time and leave this turn to the other.",
    "I go today, and next week it will be her turn to do it.",
    "I buy exactly half of the list and leave the other half for her.",
    "I work out the cost of every meal and send her the bill tonight.",
    "I offer to go if she pays me twelve euros for the hour spent.",
    "I compare prices, buy in bulk, and charge each of us by the gram.",
    "I eat out on her card and say nothing to her about it later.",
    "I take the money from her drawer and keep the change for myself too.",
    "I hide what I buy in my room and finish her last good cheese.",
    "I do nothing about it and go out for dinner with somebody from work.",
    "I leave the message unanswered and spend the evening reading in my own room.",
    "I stay out until late and let the kitchen be as it is now.",
  ],
};
