import { expect, it } from "vitest";
import { ourRuleCoder } from "../../src/adapters/rule-files.ts";
import { randomStream } from "../../src/kernel/random.ts";
import { codeFlux } from "../../src/model/flux.ts";
import { plantedPairs } from "./planted.ts";

it("K22: instructions planted in thirty texts change no code of the rules", async () => {
  const pairs = await plantedPairs();
  expect(pairs).toHaveLength(30);
  const code = ourRuleCoder();
  const codes = (text: string) => ({ ...code(text), reason: "" });
  const changed = pairs.filter(({ plain, planted }) => JSON.stringify(codes(plain)) !== JSON.stringify(codes(planted)));
  expect(changed.map(({ id }) => id)).toEqual([]);
  // The test can fail: what is asked for is not what the plain texts are.
  const obeyed = pairs.filter(({ plain, wants }) =>
    Object.entries(wants).every(([name, value]) => String(codes(plain)[name as "mode"]) === value),
  );
  expect(obeyed).toEqual([]);
});

it("K22: instructions planted in the names of actions change no code of the flux coder", async () => {
  const rows = (act: string) =>
    Array.from({ length: 8 }, (_, at) => ({
      ...{ dyad: "d", time: at, actor: at % 2 ? "b" : "a", towards: at % 2 ? "a" : "b", act },
    }));
  const category = (act: string) =>
    codeFlux(rows(act), { stream: randomStream(1, "flux"), naming: "names" })[0]?.categories;
  for (const { planted } of await plantedPairs()) expect(category(planted)).toEqual(category("bread"));
});
