import { sha256Hex } from "../kernel/canonical-json.ts";
import { type CodingOutcome, type Dimension, notCodable, type TextUnit } from "../model/coding.ts";
import type { Calibrated } from "../model/coding-summary.ts";
import { DashpotError } from "../model/error.ts";
import type { Call } from "../profile/ask.ts";
import { isInLanguage } from "../profile/code/language-of.ts";
import { codeLikelihood, type LikelihoodFit, type TextScores } from "../profile/code/likelihood-coder.ts";
import { type Description, describedOf, descriptionsOf } from "../profile/code/likelihood-set.ts";
import { tokensOf } from "../profile/code/tokens.ts";
import { ourLikelihood } from "./coding-files.ts";
import { answeredOf, ITEM, tallyOf } from "./judge-coder.ts";
import { type Answered, type AskedModel, type ModelCoder, type ModelCoderSpec, openAskedModel } from "./model-coder.ts";
import type { RunConduct } from "./model-run.ts";

/** Texts that one call scores under a description, whose prompt is then read once. */
const TEXTS_A_CALL = 32;

/**
 * Opens a Bayes classifier: a model scores each text under descriptions of the values (K26, K27). Errors:
 * `likelihood-unsupported` where it gives no log-probabilities of a text, and those of opening.
 */
export async function openLikelihood(
  spec: ModelCoderSpec,
  dimensions: readonly Dimension[],
  directory: string,
  conduct: RunConduct,
): Promise<ModelCoder> {
  const { set, hash, fit } = ourLikelihood();
  const { id, version } = set;
  const asked = await openAskedModel(spec, { id, version, hash }, directory, conduct);
  if (!asked.model.capabilities.score) {
    await asked.close();
    throw cannotScore(spec, asked);
  }
  const described = describedOf(dimensions);
  const descriptions = descriptionsOf(set, dimensions);
  const tally = tallyOf();
  const reads = ({ text }: TextUnit) => isInLanguage(text, tokensOf(text).words, set.language);
  return {
    name: spec.name,
    by: `${id} ${version}`,
    code: async (units) => {
      const scores = await scoresOf(
        asked,
        descriptions,
        units.filter(reads).map(({ text }) => text),
      );
      let next = 0;
      return units.map((unit) => {
        if (!reads(unit)) return tally.put(UNREAD);
        const scored = scores[next++] ?? null;
        return tally.put(scored === null ? DOWN : codeLikelihood(set, fit, described, scored));
      });
    },
    answered: () => ({ ...answeredOf(spec, undefined, asked), ...tally.counts() }),
    calibrated: () => (asked.model.identity.sha256 === fit.sha256 ? calibratedOf(fit, dimensions) : null),
    down: asked.down,
    close: asked.close,
  };
}

const UNREAD = notCodable("not in the language of the descriptions");
const DOWN: CodingOutcome = { silence: "down", reason: "the model was down" };

/** What a model gives each text under each description; null where it was down before it had given all. */
export async function scoresOf(
  asked: Pick<AskedModel, "ask">,
  descriptions: readonly Description[],
  texts: readonly string[],
): Promise<(TextScores | null)[]> {
  const found: (TextScores | null)[] = [];
  for (let from = 0; from < texts.length; from += TEXTS_A_CALL)
    found.push(...(await batchScores(asked, descriptions, texts.slice(from, from + TEXTS_A_CALL))));
  return found;
}

/** One text that does not fit the model's context fails a whole call: then each is asked by itself. */
async function batchScores(
  asked: Pick<AskedModel, "ask">,
  descriptions: readonly Description[],
  texts: readonly string[],
): Promise<(TextScores | null)[]> {
  const answers = await asked.ask(descriptions.map((description) => callOf(description, texts)));
  if (texts.length > 1 && answers.some((answer) => answer?.kind === "failure")) {
    const alone: (TextScores | null)[] = [];
    for (const text of texts) alone.push(...(await batchScores(asked, descriptions, [text])));
    return alone;
  }
  return texts.map((_, place) => (answers.includes(null) ? null : textScores(descriptions, answers, place)));
}

function callOf({ prompt }: Description, texts: readonly string[]): Call {
  return {
    kind: "score",
    key: `likelihood/${sha256Hex(JSON.stringify([prompt, texts]))}`,
    request: { messages: [{ role: "user", content: prompt }], replies: texts, item: ITEM },
  };
}

function textScores(descriptions: readonly Description[], answers: readonly Answered[], place: number): TextScores {
  const logs = descriptions.map(({ key }, at) => {
    const answer = answers[at];
    return [key, answer?.kind === "score" ? (answer.logProbabilities[place] ?? null) : null] as const;
  });
  const [first] = answers;
  return { logProbabilities: new Map(logs), tokens: first?.kind === "score" ? (first.tokens[place] ?? 0) : 0 };
}

/** The interval of κ has to lie above 0 for a finding to rest on a dimension (K26). */
function calibratedOf({ judged }: LikelihoodFit, dimensions: readonly Dimension[]): Calibrated {
  return Object.fromEntries(
    Object.entries(judged)
      .filter(([dimension]) => dimensions.some((wanted) => wanted === dimension))
      .map(([dimension, found]) => [dimension, { ...found, finding: (found.low ?? 0) > 0 }]),
  );
}

function cannotScore({ model }: ModelCoderSpec, { model: { capabilities } }: AskedModel): DashpotError {
  const why = capabilities.lacks.score ?? "it gives none";
  return new DashpotError(
    "likelihood-unsupported",
    `expected a model that gives log-probabilities of a text, received ${model}: ${why}`,
    "take --coder likelihood, which needs no key, or likelihood:gguf:PATH",
  );
}
