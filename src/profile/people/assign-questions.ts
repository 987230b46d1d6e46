import type { RandomStream } from "../../kernel/random.ts";

/** What one question is about, as far as sharing questions out among people goes. */
export interface Cell {
  /** A person meets the same story as seldom as can be. */
  readonly story: string;
  /** A person meets the kinds of sentence about equally often. */
  readonly row: string;
}

/** One question for one person: which cell, and the how-manieth time over all people, from 0. */
export interface Assigned {
  readonly cell: number;
  readonly time: number;
}

/**
 * Shares cells out among people, `each` to every one, no cell twice to one person (K14). A person meets every story
 * equally often, but for one; over all people cells of a story come equally often, but for one; within a person rows
 * are spread. What these leave open is drawn. Questions stand in rounds: a story comes again only after all others of
 * the person did, in another order each round.
 *
 * Throws RangeError where `each` is not from 1 to the number of cells. Cost: people × each × cells.
 */
export function assignQuestions(
  cells: readonly Cell[],
  { people, each }: { readonly people: number; readonly each: number },
  stream: RandomStream,
): Assigned[][] {
  if (!(each >= 1 && each <= cells.length))
    throw new RangeError(`expected 1 to ${cells.length} questions a person, received ${each}`);
  const times = cells.map(() => 0);
  return Array.from({ length: people }, () => {
    const taken = takeFor(cells, each, times, stream);
    const assigned = taken.map((cell) => ({ cell, time: times[cell] as number }));
    for (const cell of taken) times[cell] = (times[cell] as number) + 1;
    return inRounds(assigned, (one) => (cells[one.cell] as Cell).story, stream);
  });
}

/** The next cell again and again: of the story met least, then shown least, then of the row met least, then by draw. */
function takeFor(
  cells: readonly Cell[],
  each: number,
  times: readonly number[],
  stream: RandomStream,
): readonly number[] {
  const left = new Set(stream.shuffle([...cells.keys()]));
  const stories = new Map<string, number>();
  const rows = new Map<string, number>();
  return Array.from({ length: each }, () => {
    const rank = (at: number) => {
      const { story, row } = cells[at] as Cell;
      return [stories.get(story) ?? 0, times[at] as number, rows.get(row) ?? 0] as const;
    };
    const best = [...left].reduce((one, other) => (isLess(rank(other), rank(one)) ? other : one));
    const { story, row } = cells[best] as Cell;
    stories.set(story, (stories.get(story) ?? 0) + 1);
    rows.set(row, (rows.get(row) ?? 0) + 1);
    left.delete(best);
    return best;
  });
}

function isLess(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, place) => value !== other[place]);
  return at >= 0 && (one[at] as number) < (other[at] as number);
}

/** The first of every story in random order, then the second of every story, and so on. */
function inRounds<T>(items: readonly T[], storyOf: (item: T) => string, stream: RandomStream): T[] {
  const stories = [...Map.groupBy(stream.shuffle(items), storyOf).values()];
  const rounds = Math.max(...stories.map((own) => own.length));
  return Array.from({ length: rounds }, (_, round) =>
    stream.shuffle(stories.flatMap((own) => (own[round] === undefined ? [] : [own[round]]))),
  ).flat();
}
