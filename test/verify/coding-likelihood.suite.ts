import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ourDescriptions } from "../../src/adapters/coding-files.ts";
import { SMOLLM2_135M } from "../../src/adapters/weights.ts";
import { DIMENSIONS } from "../../src/model/coding.ts";
import type { LikelihoodFit, TextScores } from "../../src/profile/code/likelihood-coder.ts";
import { descriptionsOf } from "../../src/profile/code/likelihood-set.ts";
import { numberText } from "../../src/profile/report/number-text.ts";
import { scoreTexts } from "../coding/likelihood-scores.ts";
import {
  type DimensionMeasure,
  fitDimensions,
  measureLikelihood,
  sampleReplies,
} from "../coding/measure-likelihood.ts";
import type { Reply } from "../coding/measure-rules.ts";
import { ROOT } from "../house/temporary-folder.ts";
import type { VerifySuite } from "./suite.ts";

/** Texts of every set and half. */
const EACH = 20;
const QUICK = 4;

interface Half {
  readonly replies: readonly Reply[];
  readonly scores: readonly TextScores[];
}

/** K26: fits the likelihood coder on one half of our replies, and measures it on the other. */
export const suite: VerifySuite = {
  name: "coding-likelihood",
  proves: ["K26"],
  title: "How far the coder `likelihood` finds what blind coders find, by dimension",
  budgetMinutes: 90,
  model: "embedded",
  doc: "docs/coding.md",
  section: "coding-likelihood",
  run: async (context) => {
    const { set, hash } = ourDescriptions();
    const descriptions = descriptionsOf(set, DIMENSIONS);
    const replies = sampleReplies(context.quick ? QUICK : EACH);
    const texts = replies.map(({ text }) => text);
    const scores = await scoreTexts(hash.slice(0, 12), texts, descriptions, context);
    const halfOf = (half: Reply["half"]): Half => {
      const at = replies.flatMap((reply, place) => (reply.half === half ? [place] : []));
      return {
        replies: at.map((place) => replies[place] as Reply),
        scores: at.map((place) => scores[place] as TextScores),
      };
    };
    const [tune, judge] = [halfOf("tune"), halfOf("judge")];
    const dimensions = fitDimensions(set, tune.replies, tune.scores);
    const fitted = measureLikelihood(set, dimensions, tune.replies, tune.scores);
    const judged = measureLikelihood(set, dimensions, judge.replies, judge.scores);
    const fit: LikelihoodFit = {
      schema: "dashpot/likelihood-fit@1",
      descriptions: hash,
      model: "embedded:smollm2-135m",
      sha256: SMOLLM2_135M.sha256,
      fittedOn: `${tune.replies.length} texts of the half "tune" of instruments/coding/replies.jsonl`,
      dimensions,
      judged: Object.fromEntries(
        DIMENSIONS.map((dimension) => {
          const { value, low, high, n } = judged[dimension].kappa;
          return [dimension, { kappa: value, low, high, n }];
        }),
      ),
    };
    if (!context.quick) writeFileSync(join(ROOT, "instruments", "coding", "likelihood-fit.json"), jsonOf(fit));
    const rows = DIMENSIONS.map(
      (dimension) =>
        `| ${dimension} | ${kappaText(fitted[dimension])} | ${kappaText(judged[dimension])} | ${judged[dimension].cannotTell} of ${judged[dimension].n} | ${(judged[dimension].kappa.low ?? 0) > 0 ? "yes" : "**no**"} |`,
    );
    const table = [
      `\`${set.id}\` ${set.version} on SmolLM2-135M; ${tune.replies.length} texts to fit offsets, temperatures and thresholds, ${judge.replies.length} others to judge, ${context.quick ? QUICK : EACH} of each set and half. κ with the blind coders, of severity weighted by squared difference, with 95 % intervals over texts.`,
      "",
      "| dimension | κ where it was fitted | κ where it is judged | cannot tell | may be used in a finding |",
      "| --- | ---: | ---: | ---: | --- |",
      ...rows,
    ].join("\n");
    // Whatever κ is, it is told; what is asked for is that it is known, and that the file says so.
    return { table, holds: DIMENSIONS.every((dimension) => judged[dimension].n > 0) };
  },
};

function kappaText({ kappa }: DimensionMeasure): string {
  const told = [kappa.value, kappa.low, kappa.high].map((number) => numberText(number, "coefficient"));
  return `${told[0]} [${told[1]}, ${told[2]}], n ${kappa.n}`;
}

function jsonOf(value: unknown): string {
  const short = (_: string, one: unknown) =>
    typeof one === "number" && !Number.isInteger(one) ? Math.round(one * 1e6) / 1e6 : one;
  return `${JSON.stringify(value, short, 1)}\n`;
}
