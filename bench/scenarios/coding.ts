import { ourRuleCoder } from "../../src/adapters/rule-files.ts";
import { ourStressPath, readStressSuite } from "../../src/adapters/stress-files.ts";
import { randomStream } from "../../src/kernel/random.ts";
import type { ActRow } from "../../src/model/act.ts";
import { codeFlux } from "../../src/model/flux.ts";
import { controlOf } from "../../src/model/stress.ts";
import { renderItem } from "../../src/profile/stress/render-item.ts";
import type { Benchmark } from "../benchmark.ts";
import { median, rounded } from "../loopback-run.ts";

const TARGET = 50_000;
const ROUNDS = 7;
const DYADS = 2000;
const MOVES = 20;

/** What a bare pass over the same texts costs: split at spaces, the words counted. */
function bare(texts: readonly string[]): number {
  return texts.reduce((words, text) => words + text.split(" ").length, 0);
}

/** Dyads of four kinds: turns at one thing, one for another, whatever comes, one side only. */
export function someActs(dyads: number): ActRow[] {
  const stream = randomStream(1, "coding");
  const things = ["bread", "milk", "wood", "help"];
  return Array.from({ length: dyads * MOVES }, (_, at) => {
    const [dyad, time] = [Math.floor(at / MOVES), at % MOVES];
    const first = time % 2 === 0;
    const act = [
      () => "bread",
      () => (first ? "bread" : "milk"),
      () => stream.pick(things),
      () => (first ? stream.pick(things) : ""),
    ];
    const parties = first ? { actor: "a", towards: "b" } : { actor: "b", towards: "a" };
    return { dyad: `d${dyad}`, time, ...parties, act: (act[dyad % 4] as () => string)() };
  });
}

function perSecond(units: number, work: () => void): number {
  const began = performance.now();
  work();
  return units / ((performance.now() - began) / 1000);
}

/** B11. */
export const benchmark: Benchmark = {
  name: "coding",
  stage: "profile",
  row: "`rules` and `flux` coding",
  target: `≥ ${TARGET.toLocaleString("en")} texts or acts a second a core`,
  run: async () => {
    const { families } = readStressSuite(ourStressPath());
    const texts = families.flatMap((family) =>
      renderItem(family, 0, controlOf("over")).replies.flatMap(({ wordings }) => wordings),
    );
    const code = ourRuleCoder();
    const acts = someActs(DYADS);
    const flux = () => codeFlux(acts, { stream: randomStream(2, "coding"), naming: "names" });
    // Answers first: plain threats are found, turns and swaps are what they are.
    if (code("Pay by Friday, or we will sue you.").severity !== 8) throw new Error("expected an ultimatum");
    const found = flux()
      .slice(0, 2)
      .map(({ dominant }) => dominant);
    if (found.join() !== "EM,AR") throw new Error(`expected EM and AR, received ${found}`);
    const many = Array.from({ length: 20 }, () => texts).flat();
    for (const text of many) code(text);
    const rounds = Array.from({ length: ROUNDS }, () => ({
      texts: perSecond(many.length, () => many.forEach((text) => void code(text))),
      acts: perSecond(acts.length, flux),
      bare: perSecond(many.length, () => bare(many)),
    }));
    const [ofTexts, ofActs, ofBare] = (["texts", "acts", "bare"] as const).map((what) =>
      median(rounds.map((one) => one[what])),
    );
    const figure = Math.min(ofTexts as number, ofActs as number);
    const words = bare(texts) / texts.length;
    return {
      figure: Math.round(figure),
      unit: "texts or acts a second",
      target: TARGET,
      holds: figure >= TARGET,
      against: `texts of ${rounded(words)} words ${Math.round(ofTexts as number)} a second (splitting them at spaces alone ${Math.round(ofBare as number)}), acts ${Math.round(ofActs as number)} a second`,
      n: ROUNDS,
    };
  },
};
