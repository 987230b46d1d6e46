import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallError } from "../../model/call-error.ts";
import {
  parseAppliedTemplate,
  parseChatCompletion,
  parseCompletionLogprobs,
  parsePromptLogprobs,
} from "./openai-answers.ts";

const CHAT = {
  id: "chatcmpl-1",
  model: "toy-1",
  choices: [{ index: 0, message: { role: "assistant", content: "A" }, finish_reason: "stop", logprobs: null }],
  usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 },
};

it("L6: a chat completion is read with fields that are not known and without those that servers leave out", () => {
  expect(parseChatCompletion({ ...CHAT, system_fingerprint: "fp", more: { deep: 1 } })).toMatchObject({
    answer: { text: "A", stop: "stop", usage: { promptTokens: 5, completionTokens: 1 } },
    reported: "toy-1",
    counted: true,
  });
  expect(parseChatCompletion({ choices: [{ message: { content: "A" } }] })).toMatchObject({
    answer: { text: "A", stop: "other", usage: { promptTokens: 0, completionTokens: 0 } },
    counted: false,
  });
});

it("A12: a refusal is told from an empty answer and from a filtered one", () => {
  const saying = (message: unknown, finish_reason: string) =>
    parseChatCompletion({ choices: [{ message, finish_reason }] }).answer;
  expect(saying({ content: null, refusal: "No." }, "stop")).toMatchObject({ text: "No.", stop: "refusal" });
  expect(saying({ content: null, refusal: null }, "stop")).toMatchObject({ text: "", stop: "stop" });
  expect(saying({ content: "" }, "content_filter")).toMatchObject({ text: "", stop: "filtered" });
});

it("F7: log-probabilities in another shape cost the letters, not the answer", () => {
  const odd = {
    choices: [{ message: { content: "A" }, finish_reason: "stop", logprobs: { tokens: ["A"], token_logprobs: [-1] } }],
  };
  expect(parseChatCompletion(odd, ["A"]).answer).not.toHaveProperty("letterLogProbabilities");
});

it("L7: as many tokens as log-probabilities, or none", () => {
  const completion = (tokens: string[], token_logprobs: (number | null)[]) => ({
    choices: [{ logprobs: { tokens, token_logprobs } }],
  });
  expect(parseCompletionLogprobs(completion(["a", "b"], [null, -1])).tokens).toHaveLength(2);
  expect(() => parseCompletionLogprobs(completion(["a", "b"], [null]))).toThrow(CallError);
});

it("L7: of several candidates for a prompt token none is believed", () => {
  const entry = { "12": { logprob: -1, decoded_token: "a" }, "7": { logprob: -2, decoded_token: "b" } };
  expect(() => parsePromptLogprobs({ prompt_logprobs: [null, entry] })).toThrow(CallError);
  expect(() => parsePromptLogprobs({ prompt_logprobs: null })).toThrow(CallError);
});

describe.each([
  ["chat completion", (value: unknown) => parseChatCompletion(value, ["A", "B"])],
  ["completion", parseCompletionLogprobs],
  ["prompt_logprobs", parsePromptLogprobs],
  ["applied template", parseAppliedTemplate],
])("%s", (_name, parse) => {
  it("F7: whatever a server sends, the answer is a value or a coded error", () => {
    const nested = fc.jsonValue({ maxDepth: 4 });
    const likely = fc.record(
      {
        choices: fc.array(
          fc.record(
            { message: fc.oneof(nested, fc.record({ content: nested })), logprobs: nested, finish_reason: nested },
            { requiredKeys: [] },
          ),
        ),
        prompt_logprobs: fc.oneof(
          nested,
          fc.array(fc.dictionary(fc.string(), fc.record({ logprob: fc.double(), decoded_token: nested }))),
        ),
        usage: nested,
        model: nested,
        prompt: nested,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), nested, likely), (value) => {
        try {
          parse(value);
        } catch (error) {
          if (!(error instanceof CallError)) throw error;
          expect(error.code).toBe("malformed-answer");
        }
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
