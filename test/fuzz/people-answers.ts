import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { gatherAnswers, readAnswersKey } from "../../src/adapters/people-answers.ts";
import { mutatedText } from "./mutations.ts";
import { target } from "./target.ts";
import { processFolder } from "./temporary-disk.ts";

const KEY = JSON.stringify({
  ...{
    schema: "dashpot/answers-key@1",
    dashpot: "0.1.0",
    kind: "doses",
    seed: 0,
    set: "quick",
    samples: 1,
    factors: [],
  },
  instrument: { path: null, id: "stress", version: "1.0.0", hash: "0" },
  sheets: {
    p1: {
      person: "person-1",
      questions: { q0001x: "power/tenancy/over/0/tenancy/over/7", q0002x: "constraint/tenancy/-/7/night-ward/-/0" },
    },
  },
});
const FILLED = "sheet,id,answer\np1,q0001x,B\np1,q0002x,no-answer\n";
const PIECES = ['"', ";", "\t", "\r\n", ",,", "7-Oct", "7.0", "q0001x", "\ufeff", "__proto__", "p2", "K"];

export const peopleAnswers = target({
  name: "people-answers",
  parsers: "`gatherAnswers` with sheet, `readAnswersKey`",
  input: fc.record({
    sheet: mutatedText([FILLED, FILLED.replaceAll(",", ";")], PIECES),
    key: fc.oneof({ weight: 4, arbitrary: fc.constant(KEY) }, { weight: 1, arbitrary: mutatedText([KEY]) }),
    lenient: fc.boolean(),
  }),
  put: async ({ sheet, key, lenient }) => {
    const [path, keyPath] = [join(processFolder(), "answers.csv"), join(processFolder(), "answers-key.json")];
    writeFileSync(path, sheet);
    writeFileSync(keyPath, key);
    const { answers } = await gatherAnswers({ files: [path], key: readAnswersKey(keyPath), lenient }, () => 2);
    return answers.length;
  },
});
