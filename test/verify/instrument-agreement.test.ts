import { join } from "node:path";
import { expect, it } from "vitest";
import { ourBankPath } from "../../src/adapters/bank-files.ts";
import { codingAgreement } from "../../src/profile/instrument/coding-agreement.ts";
import { changedTexts } from "./instrument-agreement.suite.ts";
import { missingCodingFiles, readCoding } from "./read-coding.ts";

const folder = join(ourBankPath(), "coding");
const absent = missingCodingFiles(folder);

it("I17: two blind codings of our bank reach κ of 0.7 overall and 0.6 for each label, from the raw files", async ({
  skip,
}) => {
  skip(absent.length > 0, `the blind codings are not there: ${absent.join(", ")}`);
  const record = readCoding(folder);
  const { rows, holds } = codingAgreement(record.key, ...record.codings);
  expect(rows.filter((row) => !row.holds)).toEqual([]);
  expect(holds).toBe(true);
  expect(await changedTexts(record)).toEqual([]);
  const replies = record.key.filter(({ kind }) => kind === "reply").map(({ n }) => n);
  expect(record.competence.map(({ n }) => n)).toEqual(replies);
});
