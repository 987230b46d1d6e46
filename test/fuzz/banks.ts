import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { ourBankPath } from "../../src/adapters/bank-files.ts";
import type { Bank } from "../../src/model/bank.ts";
import type { BankFiles } from "../../src/profile/instrument/bank-hash.ts";
import { inspectBank } from "../../src/profile/instrument/check-bank.ts";
import { generateBank } from "../../src/profile/instrument/generate.ts";
import { parseBank } from "../../src/profile/instrument/parse-bank.ts";
import { parseSurfaceDomain, parseSurfaceDyads } from "../../src/profile/instrument/surfaces.ts";
import { fixtureBank } from "../fixtures/bank.ts";
import { HEADER, smallSituations } from "../fixtures/small-bank.ts";
import { bytesOf, mutatedBytes, mutatedJson, mutatedText, oddJson } from "./mutations.ts";
import { target } from "./target.ts";

const { situations, dyads } = fixtureBank({ domains: 2, dyads: 2 });
const HEADER_WORDS = [
  "id: x",
  "&a",
  "*a",
  "!!js/function",
  "---\n",
  "? ",
  "- ",
  ": ",
  "|\n",
  ">\n",
  "%YAML 9",
  "parent: {}",
  "\t",
];

const valid = [...situations, ...smallSituations(2)].map((one) => JSON.stringify(one));
const line = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...valid) },
  { weight: 6, arbitrary: mutatedJson([...situations, ...dyads], 1).map((value) => JSON.stringify(value) ?? "") },
  { weight: 1, arbitrary: mutatedText(valid) },
);
const text = fc
  .tuple(
    fc.array(line, { minLength: 1, maxLength: 4 }),
    fc.constantFrom("\n", "\r\n"),
    fc.constantFrom("", "", "\ufeff"),
  )
  .map(([lines, end, mark]) => mark + lines.join(end));
const records = fc.oneof(
  { weight: 4, arbitrary: text.map(bytesOf) },
  { weight: 1, arbitrary: text.chain((one) => mutatedBytes([bytesOf(one)], 2)) },
);
const exchanges = fc.oneof(
  { weight: 3, arbitrary: fc.constant(bytesOf(dyads.map((one) => JSON.stringify(one)).join("\n"))) },
  { weight: 2, arbitrary: mutatedJson([...dyads], 1).map((value) => bytesOf(JSON.stringify(value) ?? "")) },
);
const header = fc.oneof(
  { weight: 6, arbitrary: fc.constant(bytesOf(HEADER)) },
  { weight: 1, arbitrary: mutatedBytes([bytesOf(HEADER)], 2) },
  {
    weight: 2,
    arbitrary: mutatedText(
      [HEADER, `${HEADER}parent: {id: relational, hash: ${"a".repeat(64)}, seed: 3}\n`],
      HEADER_WORDS,
    ).map(bytesOf),
  },
);
const files: fc.Arbitrary<BankFiles> = fc.record(
  { header, situations: records, dyads: exchanges },
  { requiredKeys: ["header", "situations"] },
);

export const bankFiles = target({
  name: "bank-files",
  parsers: "`parseBank`, `inspectBank`",
  input: files,
  put: (given: BankFiles) => {
    const faults = inspectBank(given, { ours: true });
    if (faults.some(({ code, fix, line, file }) => !code || !fix || !Number.isSafeInteger(line) || !file))
      throw new Error("expected a code, a place and a fix with every fault");
    return parseBank(given, "bank") satisfies Bank;
  },
});

const folder = join(ourBankPath(), "surfaces");
const care = readFileSync(join(folder, "care.yaml"), "utf8");
/** The head of a domain and its first situation: all that its format knows. */
const domainText = care.slice(0, care.indexOf("\n  - id:", care.indexOf("- id:") + 1));
const dyadsWhole = readFileSync(join(folder, "dyads.yaml"), "utf8");
const dyadsText = dyadsWhole.slice(0, dyadsWhole.indexOf("\n  - id:", dyadsWhole.indexOf("- id:") + 1));
const SURFACE_WORDS = [
  "{",
  "}",
  "{}",
  "{|}",
  "{a|b|c}",
  "{toString}",
  "{__proto__}",
  "{constructor}",
  "{{a}}",
  "$&",
  "$1",
  "slots:",
  ...HEADER_WORDS,
];

export const surfaces = target({
  name: "surfaces",
  parsers: "`parseSurfaceDomain`, `parseSurfaceDyads`, `generateBank`",
  input: fc.tuple(mutatedText([domainText], SURFACE_WORDS), mutatedText([dyadsText], SURFACE_WORDS), fc.nat(9)),
  put: ([domain, exchange, seed]) => {
    const parsed = parseSurfaceDomain(domain, "surfaces/care.yaml");
    const given = {
      header: bytesOf(HEADER),
      domains: [parsed],
      dyads: parseSurfaceDyads(exchange, "surfaces/dyads.yaml"),
    };
    return parseBank(generateBank(given, { seed })) satisfies Bank;
  },
});

export const oddBankLine = target({
  name: "bank-values",
  parsers: "`parseBank` on any JSON",
  input: fc.array(oddJson, { maxLength: 3 }),
  put: (values) =>
    parseBank({
      header: bytesOf(HEADER),
      situations: bytesOf(values.map((value) => JSON.stringify(value)).join("\n")),
    }) satisfies Bank,
});
