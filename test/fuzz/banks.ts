import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { ourBankPath } from "../../src/adapters/bank-files.ts";
import type { Bank } from "../../src/model/bank.ts";
import type { BankFiles } from "../../src/profile/instrument/bank-hash.ts";
import { checkBank, inspectBank } from "../../src/profile/instrument/check-bank.ts";
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

const line = mutatedJson([...situations, ...dyads, ...smallSituations(2)]).map((value) => JSON.stringify(value) ?? "");
const text = fc.oneof(
  fc
    .array(
      fc.oneof({ weight: 8, arbitrary: line }, { weight: 1, arbitrary: mutatedText([JSON.stringify(dyads[0])]) }),
      { maxLength: 4 },
    )
    .chain((lines) => fc.constantFrom("\n", "\r\n").map((end) => lines.join(end))),
  fc.constant(situations.map((one) => JSON.stringify(one)).join("\n")),
);
const records = fc.oneof(
  text.map(bytesOf),
  text.chain((one) => mutatedBytes([bytesOf(one)])),
  text.map((one) => bytesOf(`\ufeff${one}`)),
);
const header = fc.oneof(
  fc.constant(bytesOf(HEADER)),
  mutatedText([HEADER, `${HEADER}parent: {id: relational, hash: ${"a".repeat(64)}, seed: 3}\n`], HEADER_WORDS).map(
    bytesOf,
  ),
  mutatedBytes([bytesOf(HEADER)]),
);
const files: fc.Arbitrary<BankFiles> = fc.record(
  { header, situations: records, dyads: records },
  { requiredKeys: ["header", "situations"] },
);

export const bankFiles = target({
  name: "bank-files",
  parsers: "`parseBank`, `inspectBank`, `checkBank`",
  input: files,
  put: (given: BankFiles) => {
    const faults = inspectBank(given, { ours: true });
    if (faults.some(({ code, fix, line, file }) => !code || !fix || !Number.isSafeInteger(line) || !file))
      throw new Error("expected a code, a place and a fix with every fault");
    return checkBank(parseBank(given, "bank"), { ours: true }) satisfies readonly object[];
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
