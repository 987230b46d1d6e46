import type { RandomStream } from "../../../kernel/random.ts";
import type { GameReading } from "../../../model/games-report.ts";
import { type Presented, placeOrContent } from "../../place-or-content.ts";

/** Above this p nothing that stands at a letter is said to matter. */
const LEAST_SURE = 0.01;

/** Whether lettered answers go by what the options say, by their place, or by neither that could be told (T28). */
export function readLetters(
  presented: readonly Presented[],
  size: { readonly choices: number; readonly groups: number },
  stream: RandomStream,
): GameReading {
  const found = placeOrContent(presented, size, stream);
  if (found === null) return { verdict: "empty", place: null, content: null, byPlace: [] };
  const { place, content, byPlace, answersByPosition } = found;
  const verdict = answersByPosition ? "place" : content.p <= LEAST_SURE ? "content" : "blind";
  return { verdict, place: { ...place }, content: { ...content }, byPlace: [...byPlace] };
}
