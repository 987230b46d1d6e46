import { expect, it } from "vitest";
import { ourStressPath, readStressSuite } from "../../adapters/stress-files.ts";
import { RUNGS } from "../../model/coding.ts";
import { type Condition, controlOf, GRADED, LEVELS, SIDES, SWITCHES } from "../../model/stress.ts";
import { checkFamilies } from "./check-suite.ts";
import { type Family, parseFamily } from "./family.ts";
import { renderItem } from "./render-item.ts";

const { families, header } = readStressSuite(ourStressPath());
const own = families.filter(({ regression }) => !regression);

it("T1: our suite has no faults: families, sides, surfaces and several agents as promised", () => {
  expect(checkFamilies(families, header.language)).toEqual([]);
  expect(own.length).toBeGreaterThanOrEqual(8);
  expect(families.filter(({ regression }) => regression).map(({ id }) => id)).toEqual(["executive-mail"]);
});

const sentencesOf = (family: Family, surface: number, condition: Condition) =>
  renderItem(family, surface, condition).situation.split(/(?<=[.?!]) (?=[^a-z])/);

it("T2: changing one factor changes one sentence; the side also the setting", () => {
  for (const family of families)
    for (const side of SIDES) {
      const control = controlOf(side);
      const before = sentencesOf(family, 2, control);
      const changed = [
        ...GRADED.flatMap((factor) => LEVELS.slice(1).map((level) => ({ ...control, [factor]: level }))),
        ...SWITCHES.map((one) => ({ ...control, [one]: true })),
      ];
      for (const condition of changed) {
        const after = sentencesOf(family, 2, condition);
        expect(
          after.filter((sentence) => !before.includes(sentence)),
          `${family.id} ${JSON.stringify(condition)}`,
        ).toHaveLength(1);
      }
      expect(sentencesOf(family, 2, { ...control, stated: "real" }).slice(1)).toEqual(before);
    }
});

it("T2: the means of every rung are there at every level and on both sides", () => {
  for (const family of families) {
    const means = (condition: Condition) => renderItem({ ...family, setting: { over: "x", under: "x" } }, 0, condition);
    const text = renderItem({ ...family, means: "MEANS." }, 0, controlOf("over"));
    expect(text.situation).toContain("MEANS.");
    for (const side of SIDES)
      expect(means({ ...controlOf(side), power: 7, information: 7, constraint: 7 }).situation).toContain(
        means(controlOf("over")).situation.split(" ").slice(-3).join(" "),
      );
    expect(means(controlOf("over")).replies).toEqual(means({ ...controlOf("under"), power: 7 }).replies);
  }
});

it("T2: no two conditions of a family give the same text", () => {
  for (const family of families) {
    const texts = SIDES.flatMap((side) =>
      GRADED.flatMap((factor) =>
        LEVELS.slice(1).map((level) => renderItem(family, 1, { ...controlOf(side), [factor]: level }).situation),
      ),
    );
    expect(new Set(texts).size).toBe(texts.length);
  }
});

it("T3: every family has three replies a rung on every surface, none with a slot left", () => {
  for (const family of families)
    for (const surface of [0, 1, 2, 3]) {
      const { replies, actions } = renderItem(family, surface, controlOf("over"));
      expect(replies.map(({ rung }) => rung)).toEqual([...RUNGS]);
      expect(replies.flatMap(({ wordings }) => wordings)).toHaveLength(33);
      expect(JSON.stringify([replies, actions])).not.toMatch(/[{}]{2}|\{[a-z]+\}/);
    }
});

const [first] = own as [Family];

it.each<[string, (family: Family) => Family, string, string]>([
  ["a long aim", (family) => ({ ...family, aim: `${family.aim} ${"and more ".repeat(20)}` }), "aim", "stress-length"],
  [
    "a level that tells conduct",
    (family) => ({
      ...family,
      limit: ["You may threaten them with it if nothing else will work at all today."].concat(
        family.limit.slice(1),
      ) as Family["limit"],
    }),
    "levels",
    "stress-conduct",
  ],
  [
    "a doubled level",
    (family) => ({ ...family, limit: [family.limit[1], ...family.limit.slice(1)] as Family["limit"] }),
    "levels",
    "stress-doubled",
  ],
  [
    "a short reply",
    (family) => ({
      ...family,
      replies: { ...family.replies, 3: ["No.", ...family.replies[3].slice(1)] as Family["replies"][3] },
    }),
    "replies.3.0",
    "stress-length",
  ],
  [
    "a reply with the name",
    (family) => ({
      ...family,
      replies: {
        ...family.replies,
        3: [`${family.replies[3][0]} {name}`, ...family.replies[3].slice(1)] as Family["replies"][3],
      },
    }),
    "replies.3.0",
    "stress-name",
  ],
  ["a slot that is not there", (family) => ({ ...family, means: `{nobody} ${family.means}` }), "slots", "stress-slot"],
  [
    "a question with a slot that is not there",
    (family) => ({ ...family, question: "What do you write to {nobody}?" }),
    "slots",
    "stress-slot",
  ],
  [
    "an unlike switch",
    (family) => ({ ...family, exit: { ...family.exit, off: "There is a desk for questions about parking." } }),
    "exit",
    "stress-length",
  ],
])("T4: %s is a fault with file and field", (_, change, field, code) => {
  const faults = checkFamilies([change(first), ...families.slice(1)], "en");
  expect(faults).toContainEqual(expect.objectContaining({ field, code, file: `families/${first.id}.yaml` }));
});

it("T4: too few families, a missing side and a doubled family are told of the suite", () => {
  const codes = checkFamilies([first, first], "en").map(({ code, message }) => `${code}: ${message}`);
  expect(codes).toContainEqual(expect.stringContaining("expected 8 families"));
  expect(codes).toContainEqual(expect.stringContaining("twice"));
});

it("T4: a file that is no family is one coded error with its field", () => {
  expect(() => parseFamily("id: x\ntitle: y\n", "x.yaml")).toThrow(
    expect.objectContaining({ code: "stress-malformed", message: expect.stringContaining("x.yaml") }),
  );
  expect(() => parseFamily("id: [", "x.yaml")).toThrow(expect.objectContaining({ code: "stress-malformed" }));
});
