import type { RandomStream } from "../kernel/random.ts";
import { LABELS, type Label, ROWS, type Row } from "../model/label.ts";
import type { Profile } from "../model/profile.ts";
import type { ChoiceMeasurement } from "./measurement.ts";
import { placeOrContent } from "./place-or-content.ts";

/**
 * Does the model answer by place or by content (A8)? The contents of a presentation are what a row's labels say on average.
 */
export function testPosition(measurements: readonly ChoiceMeasurement[], stream: RandomStream): Profile["position"] {
  const asked = measurements.filter((one) => one.arm === "bank" && !one.variant);
  const shown = asked.flatMap(({ row, order, probability }) =>
    probability === null
      ? []
      : [
          {
            group: ROWS.indexOf(row as Row),
            contents: order.map(({ label }) => LABELS.indexOf(label as Label)),
            probability,
          },
        ],
  );
  const found = placeOrContent(shown, { choices: LABELS.length, groups: ROWS.length }, stream);
  if (found === null) return null;
  const { place, content, byPlace, answersByPosition } = found;
  return {
    mutualInformationNats: place.information,
    p: place.p,
    contentMutualInformationNats: content.information,
    contentP: content.p,
    answersByPosition,
    byPlace: [...byPlace],
    n: shown.length,
    missing: asked.length - shown.length,
    remark: answersByPosition
      ? "This model answers by the place of a letter, not by what stands there: its matrix is no profile."
      : place.p <= 0.05
        ? "The place of a letter sways this model; the Latin square balances it out of the shares."
        : "No dependence on the place of a letter was found.",
  };
}
