import { expect, it } from "vitest";
import { randomStream } from "../../kernel/random.ts";
import { assignQuestions, type Cell } from "./assign-questions.ts";

const cells: Cell[] = Array.from({ length: 12 }, (_, story) =>
  Array.from({ length: 9 }, (_, row) => ({ story: `story-${story}`, row: `row-${row}` })),
).flat();
const assign = (people: number, each: number, seed = 1) =>
  assignQuestions(cells, { people, each }, randomStream(seed, "assign"));
const countsOf = (values: readonly string[]) =>
  [...Map.groupBy(values, (one) => one).values()].map((own) => own.length);

it("K14: nobody is given a row twice, and everybody meets every situation as often, but for one", () => {
  for (const own of assign(10, 40)) {
    expect(new Set(own.map(({ cell }) => cell)).size).toBe(40);
    const stories = countsOf(own.map(({ cell }) => (cells[cell] as Cell).story));
    expect([Math.min(...stories), Math.max(...stories)]).toEqual([3, 4]);
  }
});

it("K14: over all people rows come as often, but for one, each time the next presentation", () => {
  const every = assign(10, 36).flat();
  const times = Map.groupBy(every, ({ cell }) => cell);
  const often = [...times.values()].map((own) => own.length);
  expect(times.size).toBe(108);
  expect([Math.min(...often), Math.max(...often)]).toEqual([3, 4]);
  for (const own of times.values()) expect(own.map(({ time }) => time)).toEqual([...own.keys()]);
});

it("K14: a situation comes again only after all others, in another order for each person and seed", () => {
  const [first, second] = assign(2, 36) as [ReturnType<typeof assign>[number], ReturnType<typeof assign>[number]];
  const stories = first.map(({ cell }) => (cells[cell] as Cell).story);
  for (const from of [0, 12, 24]) expect(new Set(stories.slice(from, from + 12)).size).toBe(12);
  expect(stories.slice(0, 12)).not.toEqual(stories.slice(12, 24));
  expect(second).not.toEqual(first);
  expect(assign(2, 36)).toEqual(assign(2, 36));
  expect(assign(2, 36, 2)).not.toEqual(assign(2, 36));
  expect(() => assign(2, 109)).toThrow(RangeError);
});
