import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/house/temporary-folder.ts";
import type { CodeRow } from "../profile/agree/coding-table.ts";
import { readCodes } from "./code-table-file.ts";

async function read(text: string | Uint8Array, name = "codes.csv") {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return allOf(path);
}

async function allOf(path: string): Promise<CodeRow[]> {
  const rows: CodeRow[] = [];
  for await (const row of readCodes(path)) rows.push(row);
  return rows;
}

const ROW = { unit: "u1", coder: "A", value: "x", dimension: "", line: 2 };

it.each([
  ["plain", "unit,coder,value\nu1,A,x\n"],
  ["of another order, with further columns", "note,value,coder,unit\nhm,x,A,u1\n"],
  ["with semicolons", "unit;coder;value\nu1;A;x\n"],
  ["with tabs", "unit\tcoder\tvalue\nu1\tA\tx\n"],
  [
    "with a byte-order mark, CRLF, quotes and blanks",
    '\ufeffunit,coder,value\r\n"u1", A ,"x"\r\n\r\n'.replace(", A ,", ",A,"),
  ],
])("K1: CSV %s is read", async (_, text) => {
  expect(await read(text)).toEqual([ROW]);
});

it("K1: values may hold separators, quotes and line ends; dimensions are read where there is a column", async () => {
  const rows = await read('unit,coder,value,dimension\nu1,A,"a, ""b""\nc",kind\nu2,A,,kind\n');
  expect(rows).toMatchObject([
    { value: 'a, "b"\nc', dimension: "kind" },
    { unit: "u2", value: "" },
  ]);
});

it("K1: JSON Lines are read, numbers as they are written", async () => {
  const text = '{"unit":1,"coder":"A","value":7,"dimension":"severity"}\n\n{"unit":"2","coder":"A","value":null}\n';
  expect(await read(text, "codes.jsonl")).toEqual([
    { unit: "1", coder: "A", value: "7", dimension: "severity", line: 1 },
    { unit: "2", coder: "A", value: "", dimension: "", line: 3 },
  ]);
});

it.each([
  ["", "codes.csv", "codes-column-missing", "codes.csv:1"],
  ["unit,coder\nu1,A\n", "codes.csv", "codes-column-missing", "a column value"],
  ["unit,coder,value\nu1,A\n", "codes.csv", "codes-unreadable", "codes.csv:2"],
  ['unit,coder,value\nu1,A,"x\n', "codes.csv", "codes-unreadable", "codes.csv:"],
  ["unit,coder,value\nu1,A,x\nu2, ,x\n", "codes.csv", "codes-unreadable", "expected a coder, received an empty field"],
  [`unit,coder,value\nu1,A,${"x".repeat(1 << 21)}\n`, "codes.csv", "codes-unreadable", "CSV_MAX_RECORD_SIZE"],
  [Uint8Array.of(0x75, 0xff, 0x0a), "codes.csv", "file-not-utf8", "codes.csv"],
  ["", "codes.jsonl", "codes-column-missing", "a record"],
  ['{"unit":"1","coder":"A","value":{}}\n', "codes.jsonl", "codes-unreadable", "codes.jsonl:1"],
  ['\n{"unit":"1","coder":\n', "codes.jsonl", "codes-unreadable", "codes.jsonl:2"],
  ["x".repeat(1 << 21), "codes.jsonl", "line-too-long", "codes.jsonl:1"],
])("K1: a table that cannot be read is one coded error with its place (%#)", async (text, name, code, place) => {
  await expect(read(text, name)).rejects.toMatchObject({ code, exit: 2, message: expect.stringContaining(place) });
});

it("K1: a file that is not there, and a folder, are one coded error", async () => {
  const folder = temporaryFolder();
  for (const path of [join(folder, "absent.csv"), folder])
    await expect(allOf(path)).rejects.toMatchObject({ code: "file-unreadable", exit: 2 });
});
