import { expect, it } from "vitest";
import { randomStream } from "../../kernel/random.ts";
import { DashpotError } from "../../model/error.ts";
import { LABELS } from "../../model/label.ts";
import { bankHash } from "./bank-hash.ts";
import { generateBank } from "./generate.ts";
import { parseBank } from "./parse-bank.ts";
import { drawSlots, renderTemplate } from "./render-template.ts";
import { parseSurfaceDomain, parseSurfaceDyads, type Surfaces } from "./surfaces.ts";

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

const REPLIES = LABELS.map(
  (label) => `      "${label}": ["{go|walk} ${label} one", "${label} {name} two", "${label} {thing} three"]`,
);
const DOMAIN = `
domain: harbour
situations:
  - id: harbour-1
    rank: above
    form: act
    slots:
      name: [Ada, Bo, Cy, Di, Ed, Flo]
      partner: [Gus, Bo, Cy, Di, Ed, Flo]
      thing: [a rope, a hook, a chain, a net, a sail, a mast]
    self: captain
    other: the cook
    setting: "{thing} lies there. {name} and {partner} see {thing}."
    question: What do you do, {name}?
    cues: {none: "{old|new} n", CS: "{old|new|red} c", AR: a {x|y}, EM: e {x|y}, MP: m {x|y}}
    decoys: {CS: cs {x|y}, AR: ar {x|y}, EM: em {x|y}, MP: mp {x|y}}
    validation: {asocial: as {x|y}, "null": nu {x|y}}
    replies:
${REPLIES.join("\n")}
`;
const DYADS = `
dyads:
  - {id: d-1, domain: harbour, rank: equal, slots: {a: [soup, stew], b: [wood, coal]}, self: s, other: o,
     setting: "{a} and {b}.", script: mirrors, objects: ["{a}", "{b}"], moves: 8}
`;

const SURFACES: Surfaces = {
  header: new TextEncoder().encode("id: base\nversion: 2.1.0\ntitle: Base\nlanguage: en\nlicence: CC0-1.0\n"),
  domains: [parseSurfaceDomain(DOMAIN.replaceAll(/: ([a-z]+ \{[xy|]+\})/g, ': "$1"'), "harbour.yaml")],
  dyads: parseSurfaceDyads(DYADS, "dyads.yaml"),
};

it("I16: without a seed every slot and choice takes its first alternative, sentences begin with a capital, objects do not", () => {
  const bank = parseBank(generateBank(SURFACES, { seed: null }));
  const [situation, dyad] = [bank.situations[0], bank.dyads[0]];
  expect(situation?.setting).toBe("A rope lies there. Ada and Gus see a rope.");
  expect(situation?.cues.CS).toBe("Old c");
  expect(situation?.replies.null).toEqual(["Go null one", "Null Ada two", "Null a rope three"]);
  expect(dyad).toMatchObject({ setting: "Soup and wood.", objects: ["soup", "wood"] });
  expect(bank.header).toMatchObject({ id: "base", version: "2.1.0" });
  expect(bank.header.parent).toBeUndefined();
});

it("I16: a seed changes every slot and choice and nothing of ids, ranks and roles, and names its parent", () => {
  const base = parseBank(generateBank(SURFACES, { seed: null }));
  for (const seed of [0, 1, 2, 3]) {
    const bank = parseBank(generateBank(SURFACES, { seed }));
    const words = JSON.stringify([bank.situations, bank.dyads]);
    expect(words).not.toMatch(/Ada|Gus|rope|Old|old|Go |soup|wood/i);
    expect(bank.header).toMatchObject({
      id: `base-${seed}`,
      version: "2.1.0",
      parent: { id: "base", hash: base.hash, seed },
    });
    const frame = ({ id, domain, rank, self, other }: (typeof bank.situations)[number]) => ({
      id,
      domain,
      rank,
      self,
      other,
    });
    expect(bank.situations.map(frame)).toEqual(base.situations.map(frame));
    expect(bank.dyads[0]).toMatchObject({ id: "d-1", objects: ["stew", "coal"], moves: 8, script: "mirrors" });
  }
});

it("I16: the same seed gives the same bytes, another seed others", () => {
  const [one, again, other] = [5, 5, 6].map((seed) => generateBank(SURFACES, { seed }));
  expect(one).toEqual(again);
  expect(bankHash(one as NonNullable<typeof one>)).not.toBe(bankHash(other as NonNullable<typeof other>));
  expect(text(one?.situations)).not.toBe(text(other?.situations));
});

it("I16: one name never stands for both parties", () => {
  const slots = { name: ["Ada", "Bo", "Cy"], partner: ["Gus", "Bo", "Cy"] };
  for (let seed = 0; seed < 40; seed += 1) {
    const { name, partner } = drawSlots(slots, (slot) => randomStream(seed, slot));
    expect(new Set([name, partner])).toEqual(new Set(["Bo", "Cy"]));
  }
});

it("I16: a slot that is not there, a lone brace and a template of another form are coded errors", () => {
  const codeOf = (act: () => unknown) => {
    try {
      return act();
    } catch (error) {
      return error instanceof DashpotError ? error.code : error;
    }
  };
  expect(codeOf(() => renderTemplate("a {thing}", {}, undefined))).toBe("surfaces-malformed");
  expect(codeOf(() => renderTemplate("a thing}", {}, undefined))).toBe("surfaces-malformed");
  expect(codeOf(() => parseSurfaceDomain("domain: x", "x.yaml"))).toBe("surfaces-malformed");
  expect(codeOf(() => parseSurfaceDyads("]", "dyads.yaml"))).toBe("surfaces-malformed");
});
