import { entropy } from "../kernel/information.ts";
import type { RandomStream } from "../kernel/random.ts";
import { LABELS, type Label, ROWS, type Row } from "../model/label.ts";
import type { Profile } from "../model/profile.ts";
import type { ChoiceMeasurement } from "./measurement.ts";

const MOST_DRAWS = 499;
const FEWEST_DRAWS = 199;
/** Presentations times draws: keeps twenty thousand answers within a second. */
const WORK = 4_000_000;
const CHOICES = LABELS.length;

/** Presentations, each six probabilities by place and what stands where. */
interface Shown {
  readonly count: number;
  readonly probability: Float64Array;
  /** By presentation and place: the place itself, twice over, so that moving on needs no remainder. */
  readonly places: Uint8Array;
  /** The same for the cell (row and label) that stands at each place; content is what a row's labels say on average. */
  readonly contents: Uint8Array;
}

/**
 * Does the model answer by place or by content (A8)?
 *
 * Information that the place carries is log 6 minus the entropy of the chosen places over all presentations: zero when
 * content decides, for the Latin square puts every label at every place equally often. Its null moves the contents of
 * each presentation on by a random number of places, their probability going with them, so that every content is equally
 * likely at every place. Information of content is the same by label within rows; its null moves the labels on while
 * places keep their probability.
 */
export function testPosition(measurements: readonly ChoiceMeasurement[], stream: RandomStream): Profile["position"] {
  const asked = measurements.filter((one) => one.arm === "bank" && !one.variant);
  const shown = toShown(asked);
  if (shown.count === 0) return null;
  const byPlace = meanPlaces(shown);
  const place = testInformation(shown, shown.places, 1, stream);
  const content = testInformation(shown, shown.contents, ROWS.length, stream);
  const answersByPosition = place.p <= 0.01 && place.information > content.information;
  return {
    mutualInformationNats: place.information,
    p: place.p,
    contentMutualInformationNats: content.information,
    contentP: content.p,
    answersByPosition,
    byPlace,
    n: shown.count,
    missing: asked.length - shown.count,
    remark: answersByPosition
      ? "This model answers by the place of a letter, not by what stands there: its matrix is no profile."
      : place.p <= 0.05
        ? "The place of a letter sways this model; the Latin square balances it out of the shares."
        : "No dependence on the place of a letter was found.",
  };
}

function toShown(measurements: readonly ChoiceMeasurement[]): Shown {
  const base = measurements.filter((one) => one.probability !== null);
  const shown = {
    count: base.length,
    probability: new Float64Array(CHOICES * base.length),
    places: new Uint8Array(2 * CHOICES * base.length),
    contents: new Uint8Array(2 * CHOICES * base.length),
  };
  base.forEach(({ row, order, probability }, one) => {
    shown.probability.set(probability as readonly number[], CHOICES * one);
    const first = ROWS.indexOf(row as Row) * CHOICES;
    for (let at = 0; at < 2 * CHOICES; at += 1) {
      const place = at % CHOICES;
      shown.places[2 * CHOICES * one + at] = place;
      shown.contents[2 * CHOICES * one + at] = first + LABELS.indexOf(order[place]?.label as Label);
    }
  });
  return shown;
}

function testInformation(
  shown: Shown,
  cells: Uint8Array,
  groups: number,
  stream: RandomStream,
): { information: number; p: number } {
  const draws = Math.max(FEWEST_DRAWS, Math.min(MOST_DRAWS, Math.floor(WORK / shown.count)));
  const sums = new Float64Array(groups * CHOICES);
  const informationWith = (shift: () => number) => {
    gather(sums, shown, cells, shift);
    return informationOf(sums, groups, shown.count);
  };
  const information = informationWith(() => 0);
  const shift = shiftsFrom(stream);
  let asGreat = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    if (informationWith(shift) >= information - 1e-12) asGreat += 1;
  }
  return { information, p: (asGreat + 1) / (draws + 1) };
}

/** Sums of the probabilities by cell, each presentation's contents moved on by as many places as `shift` says. */
function gather(sums: Float64Array, { count, probability }: Shown, cells: Uint8Array, shift: () => number): void {
  sums.fill(0);
  for (let one = 0; one < count; one += 1) {
    const from = one * CHOICES;
    const to = 2 * from + shift();
    for (let place = 0; place < CHOICES; place += 1) {
      const cell = cells[to + place] as number;
      sums[cell] = (sums[cell] as number) + (probability[from + place] as number);
    }
  }
}

/** Random places, ten from each uniform draw: its digits to the base of six, uneven by less than 6¹⁰/2⁵³. */
function shiftsFrom(stream: RandomStream): () => number {
  let digits = 0;
  let left = 0;
  return () => {
    if (left === 0) {
      digits = Math.floor(stream.uniform() * CHOICES ** 10);
      left = 10;
    }
    const rest = (digits / CHOICES) | 0;
    const shift = digits - rest * CHOICES;
    digits = rest;
    left -= 1;
    return shift;
  };
}

/** Mean over groups, by their size, of log 6 minus the entropy of the group's distribution, nats. */
function informationOf(sums: Float64Array, groups: number, total: number): number {
  let information = 0;
  for (let group = 0; group < groups; group += 1) {
    const own = sums.subarray(group * CHOICES, (group + 1) * CHOICES);
    const size = own.reduce((sum, value) => sum + value, 0);
    if (size === 0) continue;
    information += (size / total) * (Math.log(CHOICES) - entropy([...own].map((value) => value / size)));
  }
  return information;
}

function meanPlaces({ count, probability }: Shown): number[] {
  return LABELS.map((_, place) => {
    let sum = 0;
    for (let one = 0; one < count; one += 1) sum += probability[one * CHOICES + place] as number;
    return sum / count;
  });
}
