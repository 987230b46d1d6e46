import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readModelTable } from "../../src/adapters/model-table.ts";
import { readOutcomeTable } from "../../src/adapters/outcome-table.ts";
import { mutatedText } from "./mutations.ts";
import { target } from "./target.ts";
import { processFolder } from "./temporary-disk.ts";

const OUTCOMES = 'model,outcome,successes,n,source\na,blackmail,96,100,"Lynch et al., 2025"\nb,blackmail,0,100,paper\n';
const MODELS = "model,family,size,cluster\na,x,135M,\nb,y,1.7B,c\nc,,,\n";
const PIECES = ['"', ";", "\t", "\r\n", ",,", "1e999", "-1", "NaN", "model,family,size\n", "\ufeff", "__proto__"];

export const predictionTables = target({
  name: "prediction-tables",
  parsers: "`readOutcomeTable`, `readModelTable`",
  input: fc.record({ text: mutatedText([OUTCOMES, MODELS], PIECES), models: fc.boolean() }),
  put: async ({ text, models }) => {
    const path = join(processFolder(), "table.csv");
    writeFileSync(path, text);
    return models ? readModelTable(path) : readOutcomeTable(path);
  },
});
