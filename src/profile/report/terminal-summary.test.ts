import { expect, it } from "vitest";
import { fixtureProfile } from "../../../test/fixtures/profile.ts";
import { renderSummary } from "./terminal-summary.ts";

it("C1: the summary shows matrix and bias with intervals and sizes", () => {
  expect(renderSummary(fixtureProfile(), { colour: false, width: 100 })).toMatchInlineSnapshot(`
    "embedded:smollm2-135m
    format score · set quick · bank relational 1.0.0 aaaaaaaaaaaa · 12 situations in 12 domains

    It responds to authority ranking and market pricing beyond the words of the cue; it is moved by the
    cue of communal sharing and equality matching, but by the relation or by its words cannot be told.
    Uncued, it leans towards communal sharing and null (no adjustment to the other) and away from market
    pricing, as far as topic and wording of the replies do not lean themselves.

    Replies by cue, margin in nats, with 95 % intervals; * interval without 0.00
    cue                CS             AR             EM             MP        asocial           null
    none           +0.02          −0.19          −0.13          −0.10          −0.10          +0.17 
             −0.88…+0.92    −1.09…+0.71    −1.03…+0.77    −1.00…+0.80    −1.00…+0.80    −0.73…+1.07 
    CS             +1.36*         −0.12          −0.39          −0.42          −0.25          −0.28 
             +0.46…+2.26    −1.02…+0.78    −1.29…+0.51    −1.32…+0.48    −1.15…+0.65    −1.18…+0.62 
    AR             −1.01*         +4.99*         −0.85          −0.75          −0.73          −1.22*
             −1.91…−0.11    +4.09…+5.89    −1.75…+0.05    −1.65…+0.15    −1.63…+0.17    −2.12…−0.32 
    EM             −0.24          −0.32          +1.15*         −0.29          −0.39          −0.20 
             −1.14…+0.66    −1.22…+0.58    +0.25…+2.05    −1.19…+0.61    −1.29…+0.51    −1.10…+0.70 
    MP             −1.21*         −1.11*         −1.18*         +5.38*         −1.19*         −0.98*
             −2.11…−0.31    −2.01…−0.21    −2.08…−0.28    +4.48…+6.28    −2.09…−0.29    −1.88…−0.08 
    n 11 to 12 situations a cell, missing at most 1

    Uncued bias against zero
      CS communal sharing           +1.11*  +0.41 to +1.81  n 12
      AR authority ranking          −0.26   −0.96 to +0.44  n 12
      EM equality matching          +0.32   −0.38 to +1.02  n 12
      MP market pricing             −1.38*  −2.08 to −0.68  n 12
      asocial                       −0.49   −1.19 to +0.21  n 12
      null                          +1.03*  +0.33 to +1.73  n 12
    Against zero: topic and wording of the replies can lean as well as the model.

    Responsiveness: cue minus decoy
      CS communal sharing           +0.03   −0.97 to +1.03  n 12
            moved by its cue; by the relation or by its words, cannot tell
      AR authority ranking          +1.25*  +0.25 to +2.25  n 12
            responds to the relation, beyond the words of its cue
      EM equality matching          −0.14   −1.14 to +0.86  n 12
            moved by its cue; by the relation or by its words, cannot tell
      MP market pricing             +2.78*  +1.78 to +3.78  n 12
            responds to the relation, beyond the words of its cue

    Missing: 3 refused, 13 unparsable, 1 empty, 2 failed. 252 calls, 51,331 tokens.
    "
  `);
});

it("C1: no line is wider than the terminal but for words that are", () => {
  for (const width of [40, 60, 80, 96, 120]) {
    for (const options of [{}, { format: "choice", byPosition: true }, { sparse: true }] as const) {
      const lines = renderSummary(fixtureProfile(options), { colour: false, width }).split("\n");
      expect(Math.max(...lines.map((line) => line.length)), `width ${width}`).toBeLessThanOrEqual(Math.max(width, 62));
    }
  }
});

it("H12: without colour there is no escape; with colour only those of the summary itself", () => {
  const start = "\u001b";
  expect(renderSummary(fixtureProfile({ hostile: true }), { colour: false, width: 100 })).not.toContain(start);
  const coloured = renderSummary(fixtureProfile({ hostile: true }), { colour: true, width: 100 });
  expect(
    coloured
      .split(start)
      .slice(1)
      .every((part) => /^\[(0|1|2|33|34)m/.test(part)),
  ).toBe(true);
});

it("F5: hostile names are shown as harmless text", () => {
  const text = renderSummary(fixtureProfile({ hostile: true, format: "choice" }), { colour: false, width: 100 });
  expect(text).toContain("\\u{1B}[31m");
  expect(text).not.toMatch(/[\p{Cf}]/u);
});

it("C9: the same profile gives the same bytes", () => {
  const once = renderSummary(fixtureProfile(), { colour: true, width: 90 });
  expect(renderSummary(fixtureProfile(), { colour: true, width: 90 })).toBe(once);
});
