import { entropy } from "../kernel/information.ts";
import type { RandomStream } from "../kernel/random.ts";

const MOST_DRAWS = 499;
const FEWEST_DRAWS = 199;
/** Presentations times draws: keeps twenty thousand answers within a second. */
const WORK = 4_000_000;

/** Options shown in one order, with the probability of each by place. */
export interface Presented {
  /** Questions whose options are the same: contents are told apart within a group. */
  readonly group: number;
  /** What stood at each place. */
  readonly contents: readonly number[];
  readonly probability: readonly number[];
}

/** How many options each question has, and how many groups of questions there are. */
interface Size {
  readonly choices: number;
  readonly groups: number;
}

interface Information {
  /** Nats. */
  readonly information: number;
  readonly p: number;
}

export interface PlaceOrContent {
  readonly place: Information;
  readonly content: Information;
  /** Mean probability of each place. */
  readonly byPlace: readonly number[];
  readonly answersByPosition: boolean;
}

/** Presentations, each a probability by place and what stands where. */
interface Shown extends Size {
  readonly count: number;
  readonly probability: Float64Array;
  /** By presentation and place: the place itself, twice over, so that moving on needs no remainder. */
  readonly places: Uint8Array;
  /** The same for the cell (group and content) that stands at each place. */
  readonly contents: Uint8Array;
}

/**
 * Does a model answer by place or by content (A8)? Null without a presentation.
 *
 * Information that the place carries is log of the choices minus the entropy of the chosen places over all presentations:
 * zero when content decides, where every content stands at every place equally often. Its null moves the contents of each
 * presentation on by a random number of places, their probability going with them, so that every content is equally
 * likely at every place. Information of content is the same by content within groups; its null moves the contents on
 * while places keep their probability.
 */
export function placeOrContent(
  presented: readonly Presented[],
  size: Size,
  stream: RandomStream,
): PlaceOrContent | null {
  if (presented.length === 0) return null;
  const shown = toShown(presented, size);
  const place = testInformation(shown, shown.places, 1, stream);
  const content = testInformation(shown, shown.contents, size.groups, stream);
  const answersByPosition = place.p <= 0.01 && place.information > content.information;
  return { place, content, byPlace: meanPlaces(shown), answersByPosition };
}

function toShown(presented: readonly Presented[], { choices, groups }: Size): Shown {
  const shown = {
    ...{ choices, groups, count: presented.length },
    probability: new Float64Array(choices * presented.length),
    places: new Uint8Array(2 * choices * presented.length),
    contents: new Uint8Array(2 * choices * presented.length),
  };
  presented.forEach(({ group, contents, probability }, one) => {
    shown.probability.set(probability, choices * one);
    const first = group * choices;
    for (let at = 0; at < 2 * choices; at += 1) {
      const place = at % choices;
      shown.places[2 * choices * one + at] = place;
      shown.contents[2 * choices * one + at] = first + (contents[place] as number);
    }
  });
  return shown;
}

function testInformation(shown: Shown, cells: Uint8Array, groups: number, stream: RandomStream): Information {
  const draws = Math.max(FEWEST_DRAWS, Math.min(MOST_DRAWS, Math.floor(WORK / shown.count)));
  const sums = new Float64Array(groups * shown.choices);
  const informationWith = (shift: () => number) => {
    gather(sums, shown, cells, shift);
    return informationOf(sums, groups, shown);
  };
  const information = informationWith(() => 0);
  const shift = shiftsFrom(stream, shown.choices);
  let asGreat = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    if (informationWith(shift) >= information - 1e-12) asGreat += 1;
  }
  return { information, p: (asGreat + 1) / (draws + 1) };
}

/** Sums of the probabilities by cell, each presentation's contents moved on by as many places as `shift` says. */
function gather(sums: Float64Array, shown: Shown, cells: Uint8Array, shift: () => number): void {
  const { choices, count, probability } = shown;
  sums.fill(0);
  for (let one = 0; one < count; one += 1) {
    const from = one * choices;
    const to = 2 * from + shift();
    for (let place = 0; place < choices; place += 1) {
      const cell = cells[to + place] as number;
      sums[cell] = (sums[cell] as number) + (probability[from + place] as number);
    }
  }
}

/** Random places, ten from each uniform draw: its digits to the base of the choices, uneven by less than 11¹⁰/2⁵³. */
function shiftsFrom(stream: RandomStream, choices: number): () => number {
  let digits = 0;
  let left = 0;
  return () => {
    if (left === 0) {
      digits = Math.floor(stream.uniform() * choices ** 10);
      left = 10;
    }
    const rest = Math.floor(digits / choices);
    const shift = digits - rest * choices;
    digits = rest;
    left -= 1;
    return shift;
  };
}

/** Mean over groups, by their size, of the log of the choices minus the entropy of the group's distribution, nats. */
function informationOf(sums: Float64Array, groups: number, { choices, count }: Shown): number {
  let information = 0;
  for (let group = 0; group < groups; group += 1) {
    const own = sums.subarray(group * choices, (group + 1) * choices);
    const size = own.reduce((sum, value) => sum + value, 0);
    if (size === 0) continue;
    information += (size / count) * (Math.log(choices) - entropy([...own].map((value) => value / size)));
  }
  return information;
}

function meanPlaces({ choices, count, probability }: Shown): number[] {
  return Array.from({ length: choices }, (_, place) => {
    let sum = 0;
    for (let one = 0; one < count; one += 1) sum += probability[one * choices + place] as number;
    return sum / count;
  });
}
