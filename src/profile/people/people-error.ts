import type { Profile } from "../../model/profile.ts";
import type { ErrorOfMean, Place } from "../paired-cells.ts";

/**
 * What people add to the error of a mean over situations: what they share over all of them is not in the scatter of the
 * situations (K17). Null for a profile of a model. `situations`: how many the mean is over; where they are some of those
 * that people answered, the error is taken to grow as if it were all answers' own, which is the most that it can.
 */
export function peopleErrorOf(profile: Profile, { row, label }: Place, situations: number): ErrorOfMean | null {
  const { people } = profile;
  if (people === undefined) return null;
  const error = people.error[row === "bias" ? "none" : row][label] ?? Number.NaN;
  const share = profile.situations.length / Math.max(1, situations);
  return { error: error * Math.sqrt(Math.max(1, share)), degreesOfFreedom: people.degreesOfFreedom };
}
