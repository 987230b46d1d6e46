import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readCodes } from "../../src/adapters/code-table-file.ts";
import { agreementReportSchema } from "../../src/model/agreement-report.ts";
import { reportAgreement } from "../../src/profile/agree/agree.ts";
import { type CodeRow, codingTables } from "../../src/profile/agree/coding-table.ts";
import { mutatedText } from "./mutations.ts";
import { target } from "./target.ts";
import { processFolder } from "./temporary-disk.ts";

const CSV =
  'unit,coder,value,dimension\n1,A,x,mode\n1,B,"y, z",mode\n2,A,.,mode\n2,B,cannot-tell,mode\n1,A,7,severity\n1,B,7.0,severity\n';
const LINES =
  '{"unit":1,"coder":"A","value":"x"}\n{"unit":1,"coder":"B","value":3}\n{"unit":2,"coder":"A","value":null}\n';
const PIECES = ['"', ";", "\t", "\r\n", ",,", "NA", "1e999", "unit,coder,value\n", "\ufeff", "__proto__"];

export const codeTables = target({
  name: "code-tables",
  parsers: "`readCodes`, `codingTables`, `reportAgreement`",
  input: fc.oneof(
    fc.record({ text: mutatedText([CSV, CSV.replaceAll(",", ";")], PIECES), name: fc.constant("codes.csv") }),
    fc.record({ text: mutatedText([LINES], PIECES), name: fc.constant("codes.jsonl") }),
  ),
  put: async ({ text, name }) => {
    const path = join(processFolder(), name);
    writeFileSync(path, text);
    const rows: CodeRow[] = [];
    for await (const row of readCodes(path)) rows.push(row);
    const tables = codingTables(rows, name);
    const report = reportAgreement(tables, {
      gold: (tables[0]?.coders.length ?? 0) > 2 ? (tables[0]?.coders[0] as string) : null,
      families: new Map(),
      order: null,
      seed: 1,
      draws: 3,
      dashpot: "0.1.0",
    });
    return agreementReportSchema.parse(JSON.parse(JSON.stringify(report)));
  },
});
