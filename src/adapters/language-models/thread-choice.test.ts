import { expect, it } from "vitest";
import { ThreadChoice, threadCandidates } from "./thread-choice.ts";

/** Evaluates `times` times and returns the numbers of threads taken. */
function evaluate(choice: ThreadChoice, times: number, msPerToken: (threads: number) => number): number[] {
  return Array.from({ length: times }, () => {
    const threads = choice.next();
    choice.record(threads, msPerToken(threads));
    return threads;
  });
}

const quiet = (threads: number) => 10 / threads;
const busy = (threads: number) => (threads === 1 ? 10 : 300);

it("L4: every number is measured three times, then the fastest is taken", () => {
  const choice = new ThreadChoice([1, 2, 4]);
  expect(choice.isMeasuring()).toBe(true);
  expect(evaluate(choice, 10, quiet)).toEqual([1, 1, 1, 2, 2, 2, 4, 4, 4, 4]);
  expect(choice.isMeasuring()).toBe(false);
  expect(choice.fastest).toBe(4);
});

it("L4: a number that is more than twice as slow is not measured again at load", () => {
  const choice = new ThreadChoice([1, 2]);
  expect(evaluate(choice, 6, busy)).toEqual([1, 1, 1, 2, 1, 1]);
  expect(choice.isMeasuring()).toBe(false);
});

it("L4: a machine that becomes busy is noticed at the next evaluation, one that becomes quiet after a while", () => {
  const choice = new ThreadChoice([1, 2]);
  evaluate(choice, 10, quiet);
  expect(evaluate(choice, 3, busy)).toEqual([2, 1, 1]);
  const later = evaluate(choice, 200, quiet).slice(-50);
  expect(later.filter((threads) => threads === 2).length).toBeGreaterThanOrEqual(49);
});

it("L4: on a machine that stays busy, looks at the slow number become seldom", () => {
  const choice = new ThreadChoice([1, 2]);
  evaluate(choice, 2000, busy);
  const looks = evaluate(choice, 2000, busy).filter((threads) => threads === 2).length;
  expect(looks).toBeGreaterThanOrEqual(3);
  expect(looks).toBeLessThanOrEqual(4);
});

it("L4: a single number is taken without measuring", () => {
  const choice = new ThreadChoice([3]);
  expect(choice.isMeasuring()).toBe(false);
  expect([choice.fastest, choice.next()]).toEqual([3, 3]);
});

it("L4: a number for which there are no free cores is left out, but not dropped once it is the fastest", () => {
  const choice = new ThreadChoice([1, 2]);
  expect(choice.isMeasuring(1)).toBe(true);
  for (let time = 0; time < 200; time += 1) choice.record(choice.next(1), 10);
  expect(choice.isMeasuring(1)).toBe(false);
  expect(choice.next(1)).toBe(1);
  expect(choice.next(2)).toBe(2);
  choice.record(2, 5);
  expect(choice.next(1)).toBe(2);
});

it("L4: candidates are powers of two below the number of cores, and that number", () => {
  expect([1, 2, 4, 6].map(threadCandidates)).toEqual([[1], [1, 2], [1, 2, 4], [1, 2, 4, 6]]);
});
