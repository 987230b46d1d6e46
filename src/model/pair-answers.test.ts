import { expect, it } from "vitest";
import { randomStream } from "../kernel/random.ts";
import { pairAnswers } from "./pair-answers.ts";

const every = (count: number) => Array.from({ length: count }, (_, place) => place);
const pair = (text: string, groups?: readonly number[]) => [
  ...pairAnswers({ parties: [...text].map((one) => (one === "a" ? 0 : 1)), groups: groups ?? every(text.length) }),
];

it("I12: a run is answered by the run that follows it, act by act, and what is left over waits or stays unanswered", () => {
  expect(pair("abab")).toEqual([1, 0, 3, 2]);
  expect(pair("aabb")).toEqual([2, 3, 0, 1]);
  expect(pair("aab")).toEqual([-1, 2, 1]);
  expect(pair("abba")).toEqual([1, 0, 3, 2]);
  expect(pair("abbaab")).toEqual([1, 0, 3, 2, 5, 4]);
  expect(pair("aaa")).toEqual([-1, -1, -1]);
  expect(pair("")).toEqual([]);
});

it("I12: acts of both parties in one moment are paired with one another and answer nothing before", () => {
  expect(pair("aabab", [0, 1, 3])).toEqual([-1, 2, 1, 4, 3]);
  expect(pair("abb", [0, 2])).toEqual([1, 0, -1]);
  expect(pair("aabb", [0, 3])).toEqual([2, 3, 0, 1]);
  expect(pair("abbb", [0, 3])).toEqual([1, 0, -1, -1]);
  expect(pair("abba", [0, 3])).toEqual([1, 0, 3, 2]);
});

it("I12: with and without simultaneous acts the same sequence is paired alike", () => {
  const stream = randomStream(6, "pairs");
  for (let round = 0; round < 300; round += 1) {
    const length = 1 + stream.integer(14);
    const text = Array.from({ length }, () => stream.pick(["a", "b"])).join("");
    const withMoment = pair(`${text}ab`, every(length + 1));
    expect(withMoment).toEqual([...pair(text), length + 1, length]);
  }
});
