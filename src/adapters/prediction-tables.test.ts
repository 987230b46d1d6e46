import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/house/temporary-folder.ts";
import { readModelTable } from "./model-table.ts";
import { readOutcomeTable } from "./outcome-table.ts";

const pathOf = (text: string) => join(temporaryFolder({ "table.csv": text }), "table.csv");
const HEADER = "model,outcome,successes,n,source\n";

it("P13: outcomes are read in any order of columns, with quotes, semicolons and columns of others", async () => {
  const rows = await readOutcomeTable(
    pathOf(
      'n;source;model;successes;outcome;note\n100;"Lynch et al.; 2025";openai:gpt;80;blackmail;x\n7;s;b;0;leak;\n',
    ),
  );
  expect(rows).toEqual([
    { model: "openai:gpt", outcome: "blackmail", successes: 80, n: 100, source: "Lynch et al.; 2025", line: 2 },
    { model: "b", outcome: "leak", successes: 0, n: 7, source: "s", line: 3 },
  ]);
});

it.each([
  ["", "column-missing", 1],
  ["model,outcome,n,source\n", "column-missing", 1],
  [HEADER, "outcomes-unreadable", 1],
  [`${HEADER}a,b,1,2\n`, "row-unreadable", 2],
  [`${HEADER}a,b,1,2,s\n,b,1,2,s\n`, "outcomes-unreadable", 3],
  [`${HEADER}a,b,1,2,\n`, "outcomes-unreadable", 2],
  [`${HEADER}a,b,0.8,1,s\n`, "outcomes-unreadable", 2],
  [`${HEADER}a,b,-1,10,s\n`, "outcomes-unreadable", 2],
  [`${HEADER}a,b,11,10,s\n`, "outcomes-unreadable", 2],
  [`${HEADER}a,b,0,0,s\n`, "outcomes-unreadable", 2],
  [`${HEADER}a,b,1e999,NaN,s\n`, "outcomes-unreadable", 2],
  [`${HEADER}a,"b,1,2,s\n`, "row-unreadable", 2],
])("P13: a table of outcomes that is none, %j, is %s at line %i", async (text, code, line) => {
  const path = pathOf(text);
  await expect(readOutcomeTable(path)).rejects.toMatchObject({
    ...{ code, exit: 2 },
    message: expect.stringContaining(`${path}:${line}`),
    fix: expect.stringMatching(/./),
  });
});

it("P3: models are read with sizes in units, and what is empty is not known", async () => {
  const rows = await readModelTable(pathOf("model,family,size,cluster\na,f,135M,\nb,,1.7 B,c\nd,f,,\ne,g,7e9,\n"));
  expect(rows.map(({ family, size, cluster }) => [family, size, cluster])).toEqual([
    ["f", 135e6, null],
    [null, 1.7e9, "c"],
    ["f", null, null],
    ["g", 7e9, null],
  ]);
  expect((await readModelTable(pathOf("model,family,size\na,f,1\n")))[0]?.cluster).toBeNull();
});

it.each([
  ["model,family\na,f\n", "column-missing"],
  ["model,family,size\n,f,1\n", "models-unreadable"],
  ["model,family,size\na,f,big\n", "models-unreadable"],
  ["model,family,size\na,f,0\n", "models-unreadable"],
  ["model,family,size\na,f,-3\n", "models-unreadable"],
  ["model,family,size\na,f,1\na,g,2\n", "models-unreadable"],
])("P3: a table of models that is none, %j, is %s", async (text, code) => {
  await expect(readModelTable(pathOf(text))).rejects.toMatchObject({ code, exit: 2 });
});
