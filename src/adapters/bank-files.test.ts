import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { filesOf, smallSituations } from "../../test/fixtures/small-bank.ts";
import { SCRIPTS } from "../model/bank.ts";
import { DashpotError } from "../model/error.ts";
import { LABELS, MODES, ROWS } from "../model/label.ts";
import { bankHash } from "../profile/instrument/bank-hash.ts";
import { cueOf } from "../profile/instrument/bank-texts.ts";
import { checkBank, inspectBank } from "../profile/instrument/check-bank.ts";
import { generateBank } from "../profile/instrument/generate.ts";
import { parseBank } from "../profile/instrument/parse-bank.ts";
import type { SurfaceSituation } from "../profile/instrument/surfaces.ts";
import { contentWords, wordsOf } from "../profile/instrument/words.ts";
import { scorePrompt } from "../profile/prompt.ts";
import { ourBankPath, readBank, readBankFiles, readSurfaces, writeBank } from "./bank-files.ts";

const scratch = mkdtempSync(join(tmpdir(), "dashpot-bank-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const ours = await readBank(ourBankPath());
const surfaces = readSurfaces();

async function codeOf(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (error instanceof DashpotError) return error.code;
    throw error;
  }
  return "none";
}

describe("our bank", () => {
  it("I2: has 96 situations in twelve domains of eight, three of them of agents: 480 items", () => {
    const domains = Map.groupBy(ours.situations, ({ domain }) => domain);
    expect([...domains.values()].map((members) => members.length)).toEqual(Array.from({ length: 12 }, () => 8));
    expect([...domains.keys()].filter((domain) => domain.startsWith("agent-"))).toHaveLength(3);
    expect(ours.situations.length * ROWS.length).toBe(480);
  });

  it("I3: rows of a situation differ in one sentence only, the neutral one about as long as the cues", () => {
    for (const situation of ours.situations) {
      const prompts = ROWS.map((row) => scorePrompt(situation, situation.cues[row])[0]?.content ?? "");
      for (const [index, row] of ROWS.entries()) {
        expect(prompts[index]).toBe(`${situation.setting} ${situation.cues[row]} ${situation.question}`);
      }
      const lengths = ROWS.map((row) => wordsOf(situation.cues[row], "en").length);
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(16);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(22);
    }
  });

  it("I4, I5, I6, I7, I8, I9, I10, I11: passes the check without a fault or a warning", () => {
    expect(checkBank(ours, { ours: true })).toEqual([]);
    expect(inspectBank(readBankFiles(ourBankPath()), { ours: true })).toEqual([]);
  });

  it("I8, I9: has decoys for every mode in at least 24 situations and validation cues in at least 12", () => {
    expect(
      ours.situations.filter(({ decoys }) => decoys && MODES.every((mode) => decoys[mode])).length,
    ).toBeGreaterThanOrEqual(24);
    expect(ours.situations.filter(({ validation }) => validation).length).toBeGreaterThanOrEqual(12);
  });

  it("I11: has at least 24 dyads of at least eight moves a party, against every script", () => {
    expect(ours.dyads.length).toBeGreaterThanOrEqual(24);
    expect(Math.min(...ours.dyads.map(({ moves }) => moves))).toBeGreaterThanOrEqual(8);
    expect(new Set(ours.dyads.map(({ script }) => script))).toEqual(new Set(SCRIPTS));
  });

  it("I16: is byte for byte the base rendering of its templates", () => {
    expect(bankHash(generateBank(surfaces, { seed: null }))).toBe(ours.hash);
  });

  it("I18: has the hash that was frozen before it was first scored", () => {
    expect(ours.hash).toBe(readFileSync(join(ourBankPath(), "FROZEN"), "utf8").trim());
  });
});

describe("banks generated from ours", () => {
  it.each([1, 2, 3])(
    "I16: seed %i passes the check, keeps ids and frame, and repeats no text of ours with a slot in it",
    (seed) => {
      const files = generateBank(surfaces, { seed });
      expect(inspectBank(files, { ours: true })).toEqual([]);
      const bank = parseBank(files);
      expect(bank.situations.map(({ id, rank, domain }) => [id, rank, domain])).toEqual(
        ours.situations.map(({ id, rank, domain }) => [id, rank, domain]),
      );
      const known = new Set(
        ours.situations.flatMap(({ cues, replies }) => [...Object.values(cues), ...Object.values(replies).flat()]),
      );
      const texts = bank.situations.flatMap(({ cues, replies }) => [
        ...Object.values(cues),
        ...Object.values(replies).flat(),
      ]);
      expect(texts.filter((one) => known.has(one))).toEqual([]);
    },
  );

  it("I7, I16: no reply shares a content word with its cue whatever alternatives are drawn", () => {
    const shared = surfaces.domains.flatMap(({ situations }) =>
      situations.flatMap((situation) =>
        LABELS.flatMap((label) => {
          const cue = contentWords(everyAlternative(cueOf(situation as never, label) ?? "", situation), "en");
          return situation.replies[label].flatMap((reply) =>
            [...contentWords(everyAlternative(reply, situation), "en").keys()]
              .filter((word) => cue.has(word))
              .map((word) => `${situation.id} ${label} ${word}`),
          );
        }),
      ),
    );
    expect(shared).toEqual([]);
  });

  it("I16: alternatives have one length, so that what is generated is as long as the base", () => {
    const lengths = (alternatives: readonly string[]) =>
      new Set(alternatives.map((one) => wordsOf(one, "en").length)).size;
    const uneven = surfaces.domains.flatMap(({ situations }) =>
      situations.flatMap((situation) => {
        const inline = [...JSON.stringify(situation).matchAll(/\{([^{}"]*\|[^{}"]*)\}/g)].map(([, inside]) =>
          (inside ?? "").split("|"),
        );
        return [...Object.values(situation.slots), ...inline]
          .filter((one) => lengths(one) !== 1)
          .map((one) => `${situation.id} ${one}`);
      }),
    );
    expect(uneven).toEqual([]);
  });
});

/** A template with every alternative of every slot and choice in it. */
function everyAlternative(template: string, { slots }: SurfaceSituation): string {
  return template.replaceAll(/\{([^{}]*)\}/g, (_, inside: string) =>
    inside.includes("|") ? inside.replaceAll("|", " ") : (slots[inside] ?? []).join(" "),
  );
}

it("I1, I16: a bank is written whole, can be read again, and takes the place of the same bank alone", async () => {
  const folder = join(scratch, "new", "bank");
  const first = await writeBank(folder, generateBank(surfaces, { seed: 8 }));
  expect((await readBank(folder)).hash).toBe(first.hash);
  const second = await writeBank(folder, generateBank(surfaces, { seed: 8 }));
  expect(second.hash).toBe(first.hash);
  expect((await readBank(folder)).hash).toBe(first.hash);
  for (const other of [generateBank(surfaces, { seed: 9 }), filesOf(smallSituations())])
    expect(await codeOf(() => writeBank(folder, other))).toBe("bank-exists");
  expect((await readBank(folder)).hash).toBe(first.hash);
  const edited = readFileSync(join(folder, "situations.jsonl"), "utf8").replace("You ", "You now ");
  writeFileSync(join(folder, "situations.jsonl"), edited);
  expect(await codeOf(() => writeBank(folder, generateBank(surfaces, { seed: 8 })))).toBe("bank-exists");
  expect(readFileSync(join(folder, "situations.jsonl"), "utf8")).toBe(edited);
  expect(readdirSync(join(scratch, "new"))).toEqual(["bank"]);
});

it("I16: a folder that holds anything else is refused and left as it was", async () => {
  const folder = join(scratch, "foreign");
  mkdirSync(folder);
  writeFileSync(join(folder, "thesis.txt"), "years of work");
  expect(await codeOf(() => writeBank(folder, filesOf(smallSituations())))).toBe("directory-not-empty");
  expect(await codeOf(() => writeBank(join(folder, "thesis.txt"), filesOf(smallSituations())))).toBe(
    "directory-unwritable",
  );
  expect(readFileSync(join(folder, "thesis.txt"), "utf8")).toBe("years of work");
});

it("F4: a folder without a bank, and a file in the place of a folder, are coded errors", async () => {
  expect(await codeOf(() => readBank(join(scratch, "nowhere")))).toBe("bank-missing");
  mkdirSync(join(scratch, "odd", "bank.yaml"), { recursive: true });
  expect(await codeOf(() => readBank(join(scratch, "odd")))).toBe("bank-unreadable");
});
