import { sha256Hex } from "../kernel/canonical-json.ts";
import {
  type CoderSilence,
  type CodingOutcome,
  DIMENSIONS,
  NOT_CODABLE,
  notCodable,
  SILENCES,
  type TextUnit,
} from "../model/coding.ts";
import type { CoderAnswered } from "../model/coding-summary.ts";
import { DashpotError } from "../model/error.ts";
import type { ItemReference } from "../model/language-model.ts";
import { familyOfModel } from "../model/model-family.ts";
import type { Call } from "../profile/ask.ts";
import { codeJudgement, judgeSchema } from "../profile/code/judge-answer.ts";
import { judgeMessages } from "../profile/code/judge-prompt.ts";
import { isInLanguage } from "../profile/code/language-of.ts";
import { tokensOf } from "../profile/code/tokens.ts";
import { ourJudge } from "./coding-files.ts";
import { type Answered, type AskedModel, type ModelCoder, type ModelCoderSpec, openAskedModel } from "./model-coder.ts";
import type { RunConduct } from "./model-run.ts";

/**
 * Opens a judge: a model that codes texts by the published prompt, each text fenced as data, at temperature 0 (K20 to K23).
 * Errors: `judge-unsupported` where the model cannot chat, and those of opening.
 */
export async function openJudge(
  spec: ModelCoderSpec,
  family: string | undefined,
  directory: string,
  conduct: RunConduct,
): Promise<ModelCoder> {
  const { prompt, codebook, hash } = ourJudge();
  const { id, version } = prompt;
  const asked = await openAskedModel(spec, { id, version, hash }, directory, conduct);
  if (!asked.model.chat) {
    await asked.close();
    throw cannotJudge(spec);
  }
  const { provider } = asked.model.identity;
  const schema = judgeSchema(provider === "embedded" || provider === "gguf");
  // Of the embedded model alone it is known which languages it does not read.
  const reads = ({ text }: TextUnit) => provider !== "embedded" || isInLanguage(text, tokensOf(text).words, "en");
  const call = (unit: TextUnit): Call => ({
    kind: "chat",
    key: `judge/${sha256Hex(JSON.stringify([unit.text, unit.context ?? null]))}`,
    request: {
      messages: judgeMessages(prompt, codebook, unit),
      item: ITEM,
      ...{ maximumTokens: prompt.answer, temperature: 0, seed: 0, schema },
    },
  });
  const tally = tallyOf();
  return {
    name: spec.name,
    by: `${id} ${version}`,
    code: async (units) => {
      const answers = await asked.ask(units.filter(reads).map(call));
      let next = 0;
      return units.map((unit) => tally.put(reads(unit) ? outcomeOf(answers[next++] ?? null) : UNREAD));
    },
    answered: () => ({ ...answeredOf(spec, family, asked), ...tally.counts() }),
    down: asked.down,
    close: asked.close,
  };
}

const UNREAD = notCodable("not in a language that this model reads");

/** Real models never see it. */
export const ITEM: ItemReference = {
  ...{ situation: "coding", domain: "coding", rank: "equal" as const, arm: "coding" as const },
  ...{ row: "content-free" as const, replies: [] },
};

function outcomeOf(answer: Answered): CodingOutcome {
  return answer === null ? { silence: "down", reason: "the model was down" } : codeJudgement(answer);
}

/** What a coder's summary says of the model behind it. */
export function answeredOf(
  { model }: ModelCoderSpec,
  family: string | undefined,
  asked: Pick<AskedModel, "down" | "totals">,
): Omit<CoderAnswered, keyof Counted> {
  return { model, family: family ?? familyOfModel(model), down: asked.down()?.message ?? null, ...asked.totals() };
}

type Counted = Pick<CoderAnswered, "texts" | "scored" | "notCodable" | "silences">;

/** Counts outcomes as they are handed on. */
export function tallyOf() {
  const silences = Object.fromEntries(SILENCES.map((silence) => [silence, 0])) as Record<CoderSilence, number>;
  let [texts, scored, notCodable] = [0, 0, 0];
  return {
    put: (outcome: CodingOutcome): CodingOutcome => {
      texts += 1;
      if ("silence" in outcome) silences[outcome.silence] += 1;
      else if (DIMENSIONS.every((dimension) => outcome[dimension] === NOT_CODABLE)) notCodable += 1;
      else scored += 1;
      return outcome;
    },
    counts: (): Counted => ({ texts, scored, notCodable, silences: { ...silences } }),
  };
}

function cannotJudge({ model }: ModelCoderSpec): DashpotError {
  return new DashpotError("judge-unsupported", `expected a model that chats, received ${model}`, "take another judge");
}
