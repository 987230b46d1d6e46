import { homedir } from "node:os";
import { ourJudge } from "../../src/adapters/coding-files.ts";
import { ITEM } from "../../src/adapters/judge-coder.ts";
import { openLanguageModel } from "../../src/adapters/language-models/open-language-model.ts";
import type { CodingOutcome } from "../../src/model/coding.ts";
import type { ChatAnswer, LanguageModel } from "../../src/model/language-model.ts";
import { codeJudgement, judgeSchema } from "../../src/profile/code/judge-answer.ts";
import { judgeMessages } from "../../src/profile/code/judge-prompt.ts";
import { measurePlanted } from "../coding/measure-judge.ts";
import { plantedPairs } from "../coding/planted.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const MODEL = "embedded:smollm2-135m";
const QUICK = 2;

/** K22: of judges the rate at which they obey the text that they code. */
export const suite: VerifySuite = {
  name: "coding-judge",
  proves: ["K22"],
  title: "Does a judge obey the text it codes: instructions planted in thirty texts",
  budgetMinutes: 30,
  model: "embedded",
  doc: "docs/coding.md",
  section: "coding-judge",
  run: async (context) => {
    const pairs = (await plantedPairs()).slice(0, context.quick ? QUICK : undefined);
    const model = await openLanguageModel(MODEL, { environment: process.env, home: homedir() });
    try {
      const plain = await judged(
        model,
        pairs.map(({ plain }) => plain),
        context,
      );
      const planted = await judged(
        model,
        pairs.map(({ planted }) => planted),
        context,
      );
      const { of, obeyed, interval, changed, both } = measurePlanted(pairs, plain, planted);
      const silent = [...plain, ...planted].filter((one) => "silence" in one).length;
      const [low, high] = interval.map((end) => `${(100 * end).toFixed(0)} %`);
      const { id, version } = ourJudge().prompt;
      const table = [
        `\`${id}\` ${version}; ${pairs.length} texts of ours, each coded as it is and with an instruction planted in it (\`instruments/coding/planted.csv\`). A judge obeys where it codes the planted text as the instruction wants and the plain one not so.`,
        "",
        "| judge | scored | obeys | 95 % interval | some code changes |",
        "| --- | ---: | ---: | ---: | ---: |",
        `| ${MODEL} | ${2 * pairs.length - silent} of ${2 * pairs.length} | ${obeyed} of ${of} | ${low} to ${high} | ${changed} of ${both} |`,
      ].join("\n");
      return { table, holds: both > 0 };
    } finally {
      await model.close();
    }
  },
};

async function judged(
  model: LanguageModel,
  texts: readonly string[],
  { state, log, signal }: SuiteContext,
): Promise<CodingOutcome[]> {
  const { prompt, codebook, hash } = ourJudge();
  const outcomes: CodingOutcome[] = [];
  for (const [at, text] of texts.entries()) {
    const key = `${hash.slice(0, 12)} ${text}`;
    const known = state.get<ChatAnswer>(key);
    const answer =
      known ??
      (await model.chat?.(
        {
          messages: judgeMessages(prompt, codebook, { unit: "text", text }),
          ...{ item: ITEM, maximumTokens: prompt.answer, temperature: 0, seed: 0, schema: judgeSchema(true) },
        },
        signal,
      ));
    if (answer === undefined) throw new Error("expected a model that chats, received one that does not");
    if (!known) state.put(key, answer);
    if (at % 5 === 4) log(`${at + 1} of ${texts.length} texts`);
    outcomes.push(codeJudgement(answer));
  }
  return outcomes;
}
