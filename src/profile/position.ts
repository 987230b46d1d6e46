import { entropy } from "../kernel/information.ts";
import type { RandomStream } from "../kernel/random.ts";
import { LABELS } from "../model/label.ts";
import type { Profile } from "../model/profile.ts";
import type { ChoiceMeasurement } from "./measurement.ts";

const DRAWS = 999;
const CHOICES = LABELS.length;

interface Shown {
  /** Row within its situation is not told apart: content is what a row's labels say on average. */
  readonly row: string;
  readonly probability: readonly number[];
  /** Label index standing at each place. */
  readonly labelAt: readonly number[];
}

/**
 * Does the model answer by place or by content (A8)?
 *
 * Information that the place carries is log 6 minus the entropy of the chosen places over all presentations: zero when
 * content decides, for the Latin square puts every label at every place equally often. Its null reassigns the contents
 * to places at random within each presentation, their mass going with them. Information of content is the same by label
 * within rows, its null reassigning labels while places keep their mass.
 */
export function testPosition(measurements: readonly ChoiceMeasurement[], stream: RandomStream): Profile["position"] {
  const shown = measurements.flatMap(toShown);
  if (shown.length === 0) return null;
  const places = (some: readonly Shown[]) => informationOf([some.map((one) => one.probability)]);
  const contents = (some: readonly Shown[]) => informationOf(byRow(some));
  const mutualInformationNats = places(shown);
  const contentMutualInformationNats = contents(shown);
  const p = tail(shown, places, mutualInformationNats, (one) => ({ ...one, probability: stream.shuffle(one.probability) }));
  const contentP = tail(shown, contents, contentMutualInformationNats, (one) => ({
    ...one,
    labelAt: stream.shuffle(one.labelAt),
  }));
  const answersByPosition = p <= 0.01 && mutualInformationNats > contentMutualInformationNats;
  return {
    mutualInformationNats,
    p,
    contentMutualInformationNats,
    contentP,
    answersByPosition,
    byPlace: [...meanVector(shown.map((one) => one.probability))],
    remark: answersByPosition
      ? "This model answers by the place of a letter, not by what stands there: its matrix is no profile."
      : p <= 0.05
        ? "The place of a letter sways this model; the Latin square balances it out of the shares."
        : "No dependence on the place of a letter was found.",
  };
}

function toShown({ arm, row, order, probability, variant }: ChoiceMeasurement): Shown[] {
  if (probability === null || arm !== "bank" || variant) return [];
  return [{ row, probability, labelAt: order.map(({ label }) => LABELS.indexOf(label)) }];
}

function byRow(shown: readonly Shown[]): number[][][] {
  return [...Map.groupBy(shown, (one) => one.row).values()].map((some) =>
    some.map(({ labelAt, probability }) => {
      const byLabel = new Array<number>(CHOICES).fill(0);
      labelAt.forEach((label, place) => {
        byLabel[label] = probability[place] as number;
      });
      return byLabel;
    }),
  );
}

/** Weighted mean over groups of log 6 minus the entropy of the group's mean vector, nats. */
function informationOf(groups: readonly (readonly (readonly number[])[])[]): number {
  const total = groups.reduce((sum, group) => sum + group.length, 0);
  return groups.reduce((sum, group) => sum + (group.length / total) * (Math.log(CHOICES) - entropy(meanVector(group))), 0);
}

function meanVector(vectors: readonly (readonly number[])[]): readonly number[] {
  return LABELS.map((_, place) => vectors.reduce((sum, vector) => sum + (vector[place] as number), 0) / vectors.length);
}

function tail(
  shown: readonly Shown[],
  statistic: (some: readonly Shown[]) => number,
  observed: number,
  reassign: (one: Shown) => Shown,
): number {
  let asGreat = 0;
  for (let draw = 0; draw < DRAWS; draw += 1) {
    if (statistic(shown.map(reassign)) >= observed - 1e-12) asGreat += 1;
  }
  return (asGreat + 1) / (DRAWS + 1);
}
