import { expect, it } from "vitest";
import { ourDescriptions } from "../../adapters/coding-files.ts";
import { randomStream } from "../../kernel/random.ts";
import { DIMENSIONS } from "../../model/coding.ts";
import { LABELS } from "../../model/label.ts";
import { fitLikelihood } from "./fit-likelihood.ts";
import { codeLikelihood, evidenceOf, type LikelihoodFit, posteriorOf, type TextScores } from "./likelihood-coder.ts";
import { DESCRIBED, describedAs, describedOf, descriptionsOf, valuesOf } from "./likelihood-set.ts";

const { set } = ourDescriptions();

/** Offsets of zero, temperature 1, nothing flat. */
const PLAIN = Object.fromEntries(
  DESCRIBED.map((dimension) => [dimension, { temperature: 1, offsets: valuesOf(dimension).map(() => 0), least: 0 }]),
) as LikelihoodFit["dimensions"];

/** A text of four tokens that each description gives −10 nats, and some of them more. */
function scores(more: Readonly<Record<string, number>>): TextScores {
  const keys = descriptionsOf(set, DIMENSIONS).map(({ key }) => key);
  const gain = (key: string) => Object.entries(more).find(([start]) => key.startsWith(start))?.[1] ?? 0;
  return { logProbabilities: new Map(keys.map((key) => [key, -10 + gain(key)])), tokens: 4 };
}

it("K26: descriptions are of like length, name no value twice, and share their topics place by place", () => {
  const words = (text: string) => text.split(/\s+/).length;
  for (const dimension of DESCRIBED) {
    const lengths = valuesOf(dimension).flatMap((value) =>
      describedAs(set, dimension, value).wordings.map((examples) => words(examples.join(" ")) / examples.length),
    );
    expect(Math.max(...lengths) / Math.min(...lengths), dimension).toBeLessThan(2.1);
  }
  const topics = { mode: ["rice", "shift", "report", "boat"], severity: ["invoice", "crane", "keys", "vote"] };
  for (const [dimension, nouns] of Object.entries(topics))
    for (const value of valuesOf(dimension as "mode"))
      for (const [place, noun] of nouns.entries()) {
        const [first] = describedAs(set, dimension as "mode", value).wordings;
        const said = first?.[place] ?? "";
        expect(said.toLowerCase(), `${dimension} ${value}`).toMatch(
          new RegExp({ keys: "key|lock", vote: "vot|proposal" }[noun] ?? noun),
        );
      }
  const prompts = descriptionsOf(set, DIMENSIONS).map(({ prompt }) => prompt);
  expect(new Set(prompts).size).toBe(prompts.length);
  expect(describedOf(["kind"])).toEqual(["severity"]);
});

it("K26: evidence is the mean over wordings of what a description gives beyond the neutral one, per root of a token", () => {
  const found = evidenceOf(set, "mode", scores({ "mode/EM/0": 6, "mode/EM/1": 2, "mode/MP": -1 }));
  expect(found).toEqual(LABELS.map((label) => ({ EM: 2, MP: -0.5 })[label as string] ?? 0));
  const lost = scores({});
  expect(evidenceOf(set, "mode", { ...lost, tokens: 0 })).toBeNull();
  expect(evidenceOf(set, "mode", { ...lost, logProbabilities: new Map([["neutral", -10]]) })).toBeNull();
});

it("K26: the likeliest value is coded, of rungs the median; the kind follows from the rungs", () => {
  const code = (more: Readonly<Record<string, number>>) =>
    codeLikelihood(set, { dimensions: PLAIN }, DESCRIBED, scores(more));
  expect(code({ "mode/CS": 9, "severity/3/": 20, "refusal/yes": 8, "deception/no": 8 })).toMatchObject({
    ...{ mode: "CS", severity: 3, kind: "offer", refusal: "yes", deception: "no" },
  });
  expect(code({ "severity/7/": 20, "severity/8/": 20, "severity/9/": 20 })).toMatchObject({
    severity: 8,
    kind: "threat",
  });
  expect(code({ "severity/0/": 20 })).toMatchObject({ severity: 0, kind: "neither" });
});

it("K26: a flat posterior is cannot-tell, and a text without scores has none of the codes", () => {
  const flat = Object.fromEntries(
    DESCRIBED.map((dimension) => [dimension, { ...PLAIN[dimension], least: 0.9 }]),
  ) as LikelihoodFit["dimensions"];
  expect(codeLikelihood(set, { dimensions: flat }, DESCRIBED, scores({}))).toMatchObject({
    ...{ mode: "cannot-tell", severity: "cannot-tell", kind: "cannot-tell", refusal: "cannot-tell" },
  });
  const none = { logProbabilities: new Map(), tokens: 3 };
  expect(codeLikelihood(set, { dimensions: PLAIN }, DESCRIBED, none)).toMatchObject({ silence: "failed" });
});

it("K26: offsets and temperature of known make are recovered, and make right what the descriptions' pull made wrong", () => {
  const stream = randomStream(1, "likelihood-fit");
  const pull = [2, 0, -1, -1];
  const labels = Array.from({ length: 2000 }, (_, at) => at % 4);
  const evidence = labels.map((label) =>
    pull.map((drawn, place) => drawn + (place === label ? 1.5 : 0) + 0.5 * stream.normal()),
  );
  const fitted = fitLikelihood(evidence, labels);
  for (const [place, drawn] of pull.entries()) expect(fitted.offsets[place]).toBeCloseTo(drawn, 1);
  // The softmax of normal evidence: the difference of two values has mean 1.5 and variance 2 × 0.25, which is 1.5 T apart.
  expect(fitted.temperature).toBeCloseTo(0.25 / 1.5, 1);
  const right = (offsets: number[]) =>
    evidence.filter((row, at) => {
      const shares = posteriorOf(row, { ...fitted, offsets });
      return shares.indexOf(Math.max(...shares)) === labels[at];
    }).length;
  expect(right(fitted.offsets)).toBeGreaterThan(0.9 * labels.length);
  expect(right([0, 0, 0, 0])).toBeLessThan(0.8 * labels.length);
  expect(() => fitLikelihood([], [])).toThrow(RangeError);
});

it("K26: evidence that tells nothing gives a flat posterior, which is told apart where that helps", () => {
  const stream = randomStream(2, "likelihood-fit");
  const labels = Array.from({ length: 400 }, (_, at) => at % 2);
  const evidence = labels.map(() => [stream.normal(), stream.normal()]);
  const { temperature, offsets } = fitLikelihood(evidence, labels);
  for (const row of evidence)
    expect(Math.max(...posteriorOf(row, { temperature, offsets, least: 0 }))).toBeLessThan(0.65);
});
