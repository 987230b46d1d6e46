import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CallError } from "../../src/model/call-error.ts";
import type {
  ChatAnswer,
  ChatRequest,
  ItemReference,
  LanguageModel,
  ScoreRequest,
} from "../../src/model/language-model.ts";
import { FAULTS, type Fault } from "./servers/faults.ts";

/** What is true of one model beyond what is true of all. */
export interface Expectations {
  readonly score: boolean;
  readonly letters: boolean;
  /** Whether a call under way can be broken off; models that answer at once need not. */
  readonly abortable: boolean;
  /** Words of a user message, and the answer to them; only for servers that are told what to say. */
  readonly answers?: Readonly<Record<string, Pick<ChatAnswer, "text" | "stop" | "usage">>>;
  /** Faults that the server can be asked for. */
  readonly faults?: readonly Fault[];
  /** What may stand in no error, identity or capability. */
  readonly secret?: string;
}

export interface Opened {
  readonly model: LanguageModel;
  readonly expectations: Expectations;
  /** Ends what was started for the model. */
  readonly release?: () => Promise<void>;
}

const ITEM: ItemReference = {
  situation: "care-handover",
  domain: "care",
  rank: "equal",
  arm: "bank",
  row: "none",
  replies: (["CS", "AR", "EM", "MP", "asocial", "null"] as const).map((label) => ({ label, wording: 0 })),
};

/** A chat request with the given last words. */
export function chatRequest(words: string, more: Partial<ChatRequest> = {}): ChatRequest {
  const messages = [{ role: "user", content: words }] as const;
  return { messages, item: ITEM, maximumTokens: 8, temperature: 1, seed: 1, ...more };
}

export const SCORE_REQUEST: ScoreRequest = {
  messages: [{ role: "user", content: "The rota is short by one. What do you say?" }],
  replies: [
    "I will stay.",
    "You will stay.",
    "We take turns.",
    "Who stays is paid.",
    "Not my matter.",
    "Let us not speak of it.",
  ],
  item: ITEM,
};

const UNUSED = new AbortController().signal;

/** The contract of {@link LanguageModel}, run against every implementation (L1). `opens` is called once a suite. */
export function languageModelConformance(name: string, opens: () => Promise<Opened>): void {
  describe(name, () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await opens();
      await opened.model.prepare?.(UNUSED);
    });
    afterAll(async () => {
      await opened.model.close();
      await opened.release?.();
    });
    capabilitiesConform(() => opened);
    chatConforms(() => opened);
    scoreConforms(() => opened);
    answersConform(() => opened);
    faultsConform(() => opened);
    closeConforms(() => opened);
  });
}

type Subject = () => Opened;

function capabilitiesConform(subject: Subject): void {
  it("L1: capabilities are those that the model has, with a reason for each that is lacking", () => {
    const { model, expectations } = subject();
    const { capabilities } = model;
    expect([capabilities.score, capabilities.letterLogProbabilities]).toEqual([
      expectations.score,
      expectations.letters,
    ]);
    if (capabilities.score) expect(model.score).toBeTypeOf("function");
    if (capabilities.chat) expect(model.chat).toBeTypeOf("function");
    expect("score" in capabilities.lacks).toBe(!capabilities.score);
    expect("letterLogProbabilities" in capabilities.lacks).toBe(!capabilities.letterLogProbabilities);
  });

  it("L1: to prepare twice changes nothing", async () => {
    const { model } = subject();
    const before = structuredClone([model.capabilities, model.identity]);
    await model.prepare?.(UNUSED);
    expect([model.capabilities, model.identity]).toEqual(before);
  });
}

function chatConforms(subject: Subject): void {
  it("L1: a chat answer has text, a stop reason and whole counts of tokens", async () => {
    const answer = await chat(subject(), chatRequest("Say one word."));
    expect(answer.kind).toBe("chat");
    expect(answer.text).toBeTypeOf("string");
    expect(["stop", "length", "refusal", "filtered", "other"]).toContain(answer.stop);
    expectCounts(answer.usage);
  });

  it("L1: letters have log-probabilities that sum to one at most where the model gives any", async () => {
    const { expectations } = subject();
    const { letterLogProbabilities } = await chat(
      subject(),
      chatRequest("Answer with A or B.", { letters: ["A", "B", "C", "D", "E", "F"] }),
    );
    expect(letterLogProbabilities !== undefined).toBe(expectations.letters);
    const sum = Object.values(letterLogProbabilities ?? {}).reduce((total, one) => total + Math.exp(one), 0);
    expect(sum).toBeLessThanOrEqual(1 + 1e-6);
    if (expectations.letters) expect(sum).toBeGreaterThan(0);
  });

  it("L1: an aborted call ends with the signal's reason", async () => {
    const { expectations } = subject();
    if (!expectations.abortable) return;
    const reason = new Error("enough");
    await expect(chat(subject(), chatRequest("hello"), AbortSignal.abort(reason))).rejects.toBe(reason);
    const abort = new AbortController();
    const underWay = chat(
      subject(),
      chatRequest(expectations.faults ? "stalled" : "Count to ninety.", { maximumTokens: 200 }),
      abort.signal,
    );
    setTimeout(() => abort.abort(reason), 50);
    await expect(underWay).rejects.toBe(reason);
  });
}

function scoreConforms(subject: Subject): void {
  it("L1: a score has for each reply nats of at most zero and its tokens, the same each time", async () => {
    const { model, expectations } = subject();
    if (!expectations.score) {
      if (model.score) await expect(model.score(SCORE_REQUEST, UNUSED)).rejects.toMatchObject({ scope: "run" });
      return;
    }
    const first = await score(model, SCORE_REQUEST);
    expect(first.logProbabilities).toHaveLength(SCORE_REQUEST.replies.length);
    expect(first.tokens).toHaveLength(SCORE_REQUEST.replies.length);
    for (const value of first.logProbabilities) expect(value).toBeLessThanOrEqual(0);
    for (const count of first.tokens) expect(count).toBeGreaterThan(0);
    expectCounts(first.usage);
    expect((await score(model, SCORE_REQUEST)).logProbabilities).toEqual(first.logProbabilities);
  });
}

function answersConform(subject: Subject): void {
  it("L1: text, stop reason and usage are the server's own, to the token", async () => {
    const { expectations } = subject();
    for (const [words, expected] of Object.entries(expectations.answers ?? {})) {
      expect(await chat(subject(), chatRequest(words)), words).toMatchObject(expected);
    }
  });
}

function faultsConform(subject: Subject): void {
  it("L1: each fault is one coded error of its scope, and L9: no secret is in it", async () => {
    const { model, expectations } = subject();
    for (const fault of expectations.faults ?? []) {
      const error = await chat(subject(), chatRequest(fault)).catch((thrown: unknown) => thrown);
      expect(error, fault).toBeInstanceOf(CallError);
      expect(error, fault).toMatchObject(FAULTS[fault]);
      expectHarmless(error as CallError, expectations.secret);
    }
    const known = JSON.stringify([model.identity, model.capabilities]);
    if (expectations.secret) expect(known).not.toContain(expectations.secret);
  });
}

function closeConforms(subject: Subject): void {
  it("L1: to close twice is to close once", async () => {
    const { model } = subject();
    await model.close();
    await expect(model.close()).resolves.toBeUndefined();
  });
}

function expectHarmless(error: CallError, secret: string | undefined): void {
  const shown = `${error.message}\n${error.fix}\n${JSON.stringify(error)}\n${inspect(error, { depth: 8, showHidden: true })}`;
  if (secret) expect(shown).not.toContain(secret);
  expect(error.message.length).toBeLessThan(700);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
  expect(error.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
}

function expectCounts(usage: ChatAnswer["usage"]): void {
  for (const count of [usage.promptTokens, usage.completionTokens]) {
    expect(Number.isInteger(count)).toBe(true);
    expect(count).toBeGreaterThanOrEqual(0);
  }
}

async function chat({ model }: Opened, request: ChatRequest, signal: AbortSignal = UNUSED): Promise<ChatAnswer> {
  if (!model.chat) throw new Error("expected a model that can chat");
  return model.chat(request, signal);
}

async function score(model: LanguageModel, request: ScoreRequest) {
  if (!model.score) throw new Error("expected a model that can score");
  return model.score(request, UNUSED);
}
