import { MODES } from "../../model/label.ts";
import type { Profile } from "../../model/profile.ts";
import { lostIn, unscoredIn } from "../lost-answers.ts";
import { answersByPosition } from "./findings.ts";

/** What a reader must not take from this profile, the gravest first. */
export function limitsOf(profile: Profile): readonly string[] {
  const { format, design, bias, bank, silence, responsiveness, people } = profile;
  const lost = lostIn(silence.total);
  const undecoyed = MODES.filter((mode) => responsiveness.modes[mode].responsiveness.value === null);
  const limits: (string | false)[] = [
    answersByPosition(profile) &&
      "The model answers by position: matrix, bias and responsiveness are not about relating.",
    profile.system !== undefined &&
      `Asked under a system's message (SHA-256 ${profile.system}): without it, or under another, the model may differ.`,
    "Short written situations in one language: what a model does in a deployment, with tools, over time, or towards real people may differ.",
    people !== undefined &&
      `Answers of ${people.people} people, ${people.sheets} sheets handed in: they stand for those whom they were drawn from, and for nobody else.`,
    `The ${design.situations} situations of one bank (${bank.id} ${bank.version}). ${design.remark}`,
    format === "score"
      ? "Log-probabilities of given replies: how much likelier one way of answering becomes than another, not how often the model would act so. Normalised scores are no probabilities."
      : "Choices among six offered replies: what the model would do unprompted, with no list of replies before it, is not measured.",
    !bias.reference && "Bias is shown against zero: topic and wording of the replies can lean as well as the model.",
    bias.reference !== null &&
      "Bias is a difference from the reference: what the reference itself leans to enters with the opposite sign.",
    bias.reference?.form === "other, error unknown" &&
      "The reference answered another form of this bank: how far that alone moves bias is not known, and its intervals do not hold it.",
    undecoyed.length > 0 &&
      `No decoys answered for ${undecoyed.join(", ")}: whether relation or words move the model there is not known.`,
    "Each interval is a 95 % one by itself: of thirty cells one or two lie off their mark by chance alone.",
    lost > 0 &&
      `${lost} answers gave no measurement; they are counted as missing, and cells that lose many may be skewed by what was lost.`,
    (profile.letters?.ownTemperature ?? 0) > 0 &&
      `The endpoint refused the temperature asked for: ${profile.letters?.ownTemperature} answers were drawn at its own.`,
    unscoredIn(silence) > 0 &&
      `${unscoredIn(silence)} replies have no log-probabilities: their cells are means over fewer wordings.`,
    `Profiles compare only within one format (here ${format}) and on one bank or banks generated from one parent.`,
  ];
  return limits.filter((limit) => limit !== false);
}
