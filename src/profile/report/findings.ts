import { LABEL_NAMES, LABELS, type Label, MODES, type Mode } from "../../model/label.ts";
import type { Estimate, Matrix, Profile } from "../../model/profile.ts";
import { lostIn } from "../lost-answers.ts";
import type { NumberStyle } from "./number-text.ts";

/** Where an interval stands towards a value: wholly above, wholly below, across it, or no interval at all. */
export type Standing = "above" | "below" | "across" | "unknown";

export function standing({ value, low, high }: Estimate, base = 0): Standing {
  if (value === null || low === null || high === null) return "unknown";
  if (low > base) return "above";
  return high < base ? "below" : "across";
}

/** What the numbers of one mode allow to say about its cue (A13). */
export type Response = "relation" | "words" | "untold" | "none" | "against";

/**
 * `relation`: the cue moves the replies, and more than its words do. `words`: its words without the relation move them
 * more. `untold`: the cue moves them, by relation or words we cannot tell. `none`: we cannot tell that it moves them.
 * `against`: it moves them away.
 */
export function responseTo(mode: Mode, profile: Profile): Response {
  const { cue, responsiveness } = profile.responsiveness.modes[mode];
  const moved = standing(cue);
  if (moved === "below") return "against";
  if (moved !== "above") return "none";
  const beyond = standing(responsiveness);
  if (beyond === "above") return "relation";
  return beyond === "below" ? "words" : "untold";
}

export const RESPONSE_TEXT: Readonly<Record<Response, string>> = {
  relation: "responds to the relation, beyond the words of its cue",
  words: "moved more by the words of its cue than by the relation",
  untold: "moved by its cue; by the relation or by its words, cannot tell",
  none: "cannot tell whether its cue moves anything",
  against: "moved away by its own cue",
};

/** Whether this profile may be read as relational at all (A8). */
export function answersByPosition(profile: Profile): boolean {
  return profile.format === "choice" && profile.position?.answersByPosition === true;
}

/**
 * One plain answer to "how does this model respond to each way of relating, and towards which does it lean?", from the
 * intervals alone.
 */
export function answerSentence(profile: Profile): string {
  if (answersByPosition(profile)) {
    return "This model answers by position: the place of a reply decides more than what it says, so how it relates cannot be told from these answers.";
  }
  return `${responseSentence(profile)} ${leanSentence(profile)}${lossSentence(profile)}`;
}

/** From this share on, what was lost belongs beside the answer and not only in its own section. */
const GRAVE_LOSS = 0.2;

function lossSentence({ silence: { total }, totals }: Profile): string {
  const lost = lostIn(total);
  if (totals.calls === 0 || lost < GRAVE_LOSS * totals.calls) return "";
  return ` Of ${totals.calls} answers ${lost} gave no measurement.`;
}

function responseSentence(profile: Profile): string {
  const modes = (response: Response) => MODES.filter((mode) => responseTo(mode, profile) === response);
  const parts = [
    clause("responds to ", modes("relation"), " beyond the words of the cue"),
    clause("is moved by the cue of ", modes("untold"), ", but by the relation or by its words cannot be told"),
    clause("is moved more by the words than by the relation in ", modes("words"), ""),
    clause("moves away from ", modes("against"), " when cued for it"),
  ].filter((part) => part !== "");
  const rest = modes("none");
  if (parts.length === 0)
    return "Whether it responds to any of the four ways of relating cannot be told from these answers.";
  const untold = rest.length > 0 ? ` Whether it responds to ${names(rest)} cannot be told.` : "";
  return `It ${parts.join("; it ")}.${untold}`;
}

function leanSentence(profile: Profile): string {
  const { towards, away } = leanings(profile);
  const against = profile.bias.reference ? ` compared with the reference` : "";
  if (towards.length + away.length === 0) return `Uncued${against}, towards which it leans cannot be told.`;
  const parts = [clause("towards ", towards, ""), clause("away from ", away, "")].filter((part) => part !== "");
  const caution = profile.bias.reference ? "" : ", as far as topic and wording of the replies do not lean themselves";
  return `Uncued${against}, it leans ${parts.join(" and ")}${caution}.`;
}

/** Labels whose bias lies wholly above or below zero, strongest first. */
export function leanings({ bias }: Profile): { readonly towards: readonly Label[]; readonly away: readonly Label[] } {
  const size = (label: Label) => Math.abs(bias.labels[label].value ?? 0);
  const standingAt = (where: Standing) =>
    LABELS.filter((label) => standing(bias.labels[label]) === where).sort((a, b) => size(b) - size(a));
  return { towards: standingAt("above"), away: standingAt("below") };
}

function clause(before: string, labels: readonly Label[], after: string): string {
  return labels.length === 0 ? "" : `${before}${names(labels)}${after}`;
}

/** `market pricing, equality matching and null (no mutual adjustment)`. */
export function names(labels: readonly Label[]): string {
  const words = labels.map((label) => (label === "null" ? "null (no adjustment to the other)" : LABEL_NAMES[label]));
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** The value that means nothing special: 0 for margins, one sixth for the rest. */
export function neutralValue(quantity: Matrix["quantity"]): number {
  return quantity === "margin" ? 0 : 1 / LABELS.length;
}

export const QUANTITY_NAMES: Readonly<Record<Matrix["quantity"], string>> = {
  margin: "margin in nats",
  win: "share of situations won",
  normalised: "normalised score",
  share: "share of choices",
};

export function quantityStyle(quantity: Matrix["quantity"]): NumberStyle {
  if (quantity === "margin") return "nats";
  return quantity === "normalised" ? "score" : "share";
}

/** Style of differences, such as bias and responsiveness. */
export function differenceStyle(unit: "nats" | "proportion"): NumberStyle {
  return unit === "nats" ? "nats" : "points";
}

export function primaryMatrix(profile: Profile): Matrix {
  return profile.matrices[0] as Matrix;
}

/** How the letters of `choice` were told, and at whose temperature; empty under `score`. */
export function lettersText({ letters }: Profile): string {
  if (!letters) return "";
  const { byLogProbability, bySample, ownTemperature } = letters;
  const own = ownTemperature === 0 ? "" : `; ${ownTemperature} at the endpoint's own temperature`;
  return `${byLogProbability} by log-probabilities, ${bySample} by the letter that was said${own}`;
}
