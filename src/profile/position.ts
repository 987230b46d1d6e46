import { entropy } from "../kernel/information.ts";
import type { RandomStream } from "../kernel/random.ts";
import { LABELS, ROWS, type Row } from "../model/label.ts";
import type { Profile } from "../model/profile.ts";
import type { ChoiceMeasurement } from "./measurement.ts";

const MOST_DRAWS = 499;
const FEWEST_DRAWS = 199;
/** Presentations times draws: keeps twenty thousand answers within a second. */
const WORK = 4_000_000;
const CHOICES = LABELS.length;

interface Shown {
  /** Number of the row; content is what a row's labels say on average. */
  readonly row: number;
  readonly probability: readonly number[];
  /** Label index standing at each place. */
  readonly labelAt: readonly number[];
}

/** Adds one presentation's probabilities, its contents moved on by `shift` places, to the sums of its group. */
type Gather = (sums: Float64Array, shown: Shown, shift: number) => void;

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
  const shown = toShown(measurements);
  if (shown.length === 0) return null;
  const byPlace = meanPlaces(shown);
  const place = testInformation(shown, 1, gatherByPlace, stream);
  const content = testInformation(shown, ROWS.length, gatherByLabel, stream);
  const answersByPosition = place.p <= 0.01 && place.information > content.information;
  return {
    mutualInformationNats: place.information,
    p: place.p,
    contentMutualInformationNats: content.information,
    contentP: content.p,
    answersByPosition,
    byPlace,
    remark: answersByPosition
      ? "This model answers by the place of a letter, not by what stands there: its matrix is no profile."
      : place.p <= 0.05
        ? "The place of a letter sways this model; the Latin square balances it out of the shares."
        : "No dependence on the place of a letter was found.",
  };
}

function toShown(measurements: readonly ChoiceMeasurement[]): Shown[] {
  return measurements.flatMap(({ arm, row, order, probability, variant }) => {
    if (probability === null || arm !== "bank" || variant) return [];
    return [{ row: ROWS.indexOf(row as Row), probability, labelAt: order.map(({ label }) => LABELS.indexOf(label)) }];
  });
}

const gatherByPlace: Gather = (sums, { probability }, shift) => {
  for (let place = 0; place < CHOICES; place += 1) {
    const at = (place + shift) % CHOICES;
    sums[at] = (sums[at] as number) + (probability[place] as number);
  }
};

const gatherByLabel: Gather = (sums, { row, probability, labelAt }, shift) => {
  for (let place = 0; place < CHOICES; place += 1) {
    const at = row * CHOICES + (labelAt[(place + shift) % CHOICES] as number);
    sums[at] = (sums[at] as number) + (probability[place] as number);
  }
};

function testInformation(
  shown: readonly Shown[],
  groups: number,
  gather: Gather,
  stream: RandomStream,
): { information: number; p: number } {
  const draws = Math.max(FEWEST_DRAWS, Math.min(MOST_DRAWS, Math.floor(WORK / shown.length)));
  const sums = new Float64Array(groups * CHOICES);
  const informationWith = (shift: () => number) => {
    sums.fill(0);
    for (const one of shown) gather(sums, one, shift());
    return informationOf(sums, groups, shown.length);
  };
  const information = informationWith(() => 0);
  const shift = shiftsFrom(stream);
  let asGreat = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    if (informationWith(shift) >= information - 1e-12) asGreat += 1;
  }
  return { information, p: (asGreat + 1) / (draws + 1) };
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
    const shift = digits % CHOICES;
    digits = (digits - shift) / CHOICES;
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

function meanPlaces(shown: readonly Shown[]): number[] {
  return LABELS.map(
    (_, place) => shown.reduce((sum, { probability }) => sum + (probability[place] as number), 0) / shown.length,
  );
}
