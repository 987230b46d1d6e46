import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { filesOf, HEADER, smallSituations } from "../../../test/fixtures/small-bank.ts";
import { DashpotError } from "../../model/error.ts";
import { type BankFiles, bankHash } from "./bank-hash.ts";
import { parseBank } from "./parse-bank.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (some: Uint8Array) => new TextDecoder().decode(some);

function refusal(files: BankFiles): DashpotError {
  try {
    parseBank(files, "bank");
  } catch (error) {
    if (error instanceof DashpotError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

function withLine(index: number, change: (line: string) => string): BankFiles {
  const lines = text(filesOf(smallSituations()).situations).trimEnd().split("\n");
  return {
    header: bytes(HEADER),
    situations: bytes(lines.map((line, at) => (at === index ? change(line) : line)).join("\n")),
  };
}

it("I1: the hash is SHA-256 over name, length and bytes of each file, and dyads count only where there are some", () => {
  const files = filesOf(smallSituations());
  const hash = createHash("sha256").update(`bank.yaml\n${files.header.length}\n${HEADER}`);
  hash.update(`situations.jsonl\n${files.situations.length}\n`).update(files.situations);
  expect(bankHash(files)).toBe(hash.copy().digest("hex"));
  expect(parseBank(files).hash).toBe(bankHash(files));
  expect(bankHash({ ...files, dyads: bytes("") })).toBe(hash.update("dyads.jsonl\n0\n").digest("hex"));
});

it("I1: blank lines at the end change the hash and nothing that is parsed", () => {
  const files = filesOf(smallSituations());
  const { hash, ...parsed } = parseBank(files);
  const other = parseBank({ ...files, situations: bytes(`${text(files.situations)}\n\n`) });
  expect({ ...other, hash }).toEqual({ ...parsed, hash });
  expect(other.hash).not.toBe(hash);
});

it("F4: CRLF is one coded error with file, line and fix, in whichever file and line it stands", () => {
  const files = filesOf(smallSituations());
  const crlf = (some: Uint8Array) => bytes(text(some).replaceAll("\n", "\r\n"));
  const header = refusal({ ...files, header: crlf(files.header) });
  expect([header.code, header.message]).toEqual([
    "bank-line-ends",
    "expected lines that end in LF, received CRLF in bank.yaml:1",
  ]);
  const situations = refusal(withLine(1, (line) => `${line}\r`));
  expect([situations.code, situations.message]).toEqual([
    "bank-line-ends",
    "expected lines that end in LF, received CRLF in situations.jsonl:2",
  ]);
  expect(refusal({ ...files, dyads: bytes("{}\r\n{}\r\n") }).code).toBe("bank-line-ends");
});

it("F4: a byte-order mark is one coded error with file, line and fix", () => {
  const files = filesOf(smallSituations());
  for (const name of ["header", "situations"] as const) {
    const error = refusal({ ...files, [name]: bytes(`\uFEFF${text(files[name])}`) });
    expect(error.code).toBe("bank-byte-order-mark");
    expect(error.message).toMatch(name === "header" ? /bank\.yaml:1$/ : /situations\.jsonl:1$/);
    expect(error.fix).toContain("without a byte-order mark");
  }
});

it("F4: bytes that are not UTF-8 are one coded error with file, line and fix", () => {
  const files = withLine(1, (line) => line.replace("keeper", "keep\u00e9r"));
  const broken = files.situations.filter((byte) => byte !== 0xc3);
  const error = refusal({ ...files, situations: broken });
  expect(error.code).toBe("bank-not-utf8");
  expect(error.message).toContain("situations.jsonl:2");
  expect(error.fix).not.toBe("");
});

it("F4: a missing field is one coded error with file, line, field and fix", () => {
  const error = refusal(withLine(2, (line) => line.replace(/"question":"[^"]*",/, "")));
  expect(error.code).toBe("bank-field-missing");
  expect(error.message).toContain("bank/situations.jsonl:3, question");
  expect(error.fix).toBe("add question");
});

it("F4: a missing rank, though one of several words, is missing and not of another kind", () => {
  expect(refusal(withLine(0, (line) => line.replace('"rank":"above",', ""))).code).toBe("bank-field-missing");
});

it("F4: a line of 100 MB is one coded error with file, line and fix, and is not decoded", () => {
  const situations = new Uint8Array(100_000_000).fill(97);
  situations.set(bytes("{}\n"));
  const error = refusal({ header: bytes(HEADER), situations });
  expect([error.code, error.message]).toEqual([
    "bank-line-too-long",
    "expected lines of at most 1048576 bytes, received one of 99999997 in situations.jsonl:2",
  ]);
});

it("F4: every other fault of a line has its code, and names file and line", () => {
  const codes = (files: BankFiles) => refusal(files).code;
  expect(codes(withLine(1, () => ""))).toBe("bank-line-not-json");
  expect(codes(withLine(1, (line) => line.slice(1)))).toBe("bank-line-not-json");
  expect(codes(withLine(1, (line) => line.replace('"self"', '"id":"x","self"')))).toBe("bank-key-duplicated");
  expect(codes(withLine(1, (line) => line.replace('"self"', '"more":1,"self"')))).toBe("bank-field-unknown");
  expect(codes(withLine(1, (line) => line.replace('"keeper"', "7")))).toBe("bank-field-invalid");
  expect(codes(withLine(1, (line) => line.replace('"keeper"', '"  "')))).toBe("bank-text-empty");
  expect(codes(withLine(1, (line) => line.replace("place-2", "place-1")))).toBe("bank-id-duplicated");
  expect(codes(filesOf([]))).toBe("bank-empty");
  expect(refusal(withLine(1, () => "")).message).toContain("bank/situations.jsonl:2".slice(5));
});

it("F4: a key may stand in two objects, but not twice in one, however it is escaped", () => {
  expect(() => parseBank(filesOf(smallSituations()))).not.toThrow();
  const twice = withLine(0, (line) => line.replace('"none":', '"CS":"a text","\\u0043S":"b","none":'));
  expect(refusal(twice).code).toBe("bank-key-duplicated");
});

it("F4: a header that is not one plain YAML document is refused, alias bombs and deep nesting among them", () => {
  const header = (yaml: string) => refusal({ ...filesOf(smallSituations()), header: bytes(yaml) }).code;
  expect(header(`${HEADER}id: other\n`)).toBe("bank-header-malformed");
  expect(header("id: &a [x]\ntitle: *a\n")).toBe("bank-header-malformed");
  expect(header("[".repeat(50_000))).toBe("bank-header-malformed");
  expect(header(" ".repeat(70_000))).toBe("bank-header-malformed");
  expect(header(HEADER.replace("licence: CC0-1.0\n", ""))).toBe("bank-field-missing");
  expect(header("")).toBe("bank-field-invalid");
});

it("F7: whatever is done to a bank's bytes, it is read or refused with a code", () => {
  const { situations } = filesOf(smallSituations(1));
  const damage = fc.record({ at: fc.nat(situations.length), drop: fc.nat(40), put: fc.uint8Array({ maxLength: 12 }) });
  const readable = (files: BankFiles) => {
    try {
      parseBank(files);
    } catch (error) {
      if (!(error instanceof DashpotError) || error.fix === "") throw error;
    }
  };
  fc.assert(
    fc.property(damage, ({ at, drop, put }) => {
      readable({
        header: bytes(HEADER),
        situations: Buffer.concat([situations.subarray(0, at), put, situations.subarray(at + drop)]),
      });
      const header = bytes(HEADER);
      const cut = at % header.length;
      readable({
        header: Buffer.concat([header.subarray(0, cut), put, header.subarray(cut + (drop % 9))]),
        situations,
      });
    }),
    { numRuns: 300, seed: 4 },
  );
  readable({ header: bytes(HEADER), situations: bytes("[".repeat(1_000_000)) });
  readable({ header: bytes(HEADER), situations: bytes(`"${"a".repeat(1_000_000)}"`) });
  readable({ header: bytes(HEADER), situations: bytes(`{"a":${'{"a":'.repeat(150_000)}1${"}".repeat(150_001)}`) });
});
