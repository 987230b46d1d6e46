import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { isFilledSheet, readSheets } from "../../src/adapters/human-sheets.ts";
import { codingSummarySchema } from "../../src/model/coding-summary.ts";
import { mutatedText } from "./mutations.ts";
import { target } from "./target.ts";
import { processFolder } from "./temporary-disk.ts";

const FILLED =
  'sheet,id,text,context,severity,mode,kind,refusal,deception,remark\ns1,t0001x,"Pay, now.",,7.0,ar,threat,no,,"firm; clear"\ns1,t0002x,Thanks,,0,?,neither,n,no,\n';
const KEY =
  '{"schema":"dashpot/sheet-key@1","dashpot":"0.1.0","sheet":"s1","seed":0,"units":{"t0001x":"a","t0002x":"b"}}';
const PIECES = ['"', ";", "\t", "\r\n", ",,", "7-Oct", "1e999", "t0001x", "\ufeff", "__proto__", "s2"];

export const humanSheets = target({
  name: "human-sheets",
  parsers: "`isFilledSheet`, `readSheets` with sheet and key",
  input: fc.record({
    sheet: mutatedText([FILLED, FILLED.replaceAll(",", ";")], PIECES),
    key: fc.oneof({ weight: 4, arbitrary: fc.constant(KEY) }, { weight: 1, arbitrary: mutatedText([KEY]) }),
    lenient: fc.boolean(),
  }),
  put: async ({ sheet, key, lenient }) => {
    const [path, keyPath] = [join(processFolder(), "ada.csv"), join(processFolder(), "key.json")];
    writeFileSync(path, sheet);
    writeFileSync(keyPath, key);
    await isFilledSheet(path);
    const summary = await readSheets({ files: [path], key: keyPath, lenient }, () => {});
    return codingSummarySchema.parse(JSON.parse(JSON.stringify(summary)));
  },
});
