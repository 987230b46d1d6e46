import { copyFile, mkdtemp, open, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { z } from "zod";
import { actSchema } from "../../model/act.ts";
import type { ChatRequest, ItemReference, ScoreRequest } from "../../model/language-model.ts";
import { SMOLLM2_135M } from "../weights.ts";
import { type Addon, AddonEvaluator, addonOf } from "./addon-evaluator.ts";
import { type EmbeddedModel, type OpenEmbeddedOptions, openEmbeddedModel } from "./embedded.ts";
import { BATCH_SIZE, embeddedRuntime, loadWeights, openContext } from "./embedded-runtime.ts";
import { Pacer } from "./pacer.ts";
import { scoreTexts } from "./score-texts.ts";
import { smollm2Path } from "./smollm2.ts";
import { ThreadChoice, threadCandidates } from "./thread-choice.ts";

const ITEM: ItemReference = { situation: "s", domain: "d", rank: "equal", arm: "bank", row: "none", replies: [] };
const REQUEST: ScoreRequest = {
  messages: [
    { role: "system", content: "Be kind." },
    { role: "user", content: "What do you do?" },
  ],
  replies: ["I buy what we need.", "Xylophone 🦓!", "Yes"],
  item: ITEM,
};
const unaborted = new AbortController().signal;

let folder: string;
let weights: string | undefined;
let whyNot = "";
const opened: EmbeddedModel[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dashpot-embedded-"));
  weights = await smollm2Path(unaborted).catch((error: Error) => {
    whyNot = error.message;
    return undefined;
  });
}, 300_000);

afterAll(async () => {
  for (const model of opened) await model.close();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

let first: Promise<EmbeddedModel> | undefined;

/** The same model for most tests, on one thread. */
function shared(context: TestContext): Promise<EmbeddedModel> {
  first ??= openWith(context, {});
  return first;
}

async function openWith(context: TestContext, options: Partial<OpenEmbeddedOptions>): Promise<EmbeddedModel> {
  const path = real(context);
  const known = options.path ? {} : { sha256: SMOLLM2_135M.sha256 };
  const model = await openEmbeddedModel({
    spec: "embedded:smollm2-135m",
    path,
    name: "smollm2-135m",
    threads: 1,
    ...known,
    ...options,
  });
  opened.push(model);
  return model;
}

function real(context: TestContext): string {
  return weights ?? context.skip(`the weights of SmolLM2 cannot be had here: ${whyNot}`);
}

function chatting(extra: Partial<ChatRequest>, content = "Say one word."): ChatRequest {
  const messages = [...REQUEST.messages.slice(0, 1), { role: "user" as const, content }];
  return { messages, item: ITEM, maximumTokens: 5, temperature: 0, seed: 1, ...extra };
}

describe("scoring", { timeout: 120_000 }, () => {
  it("L3: keeping the prefix, scoring from scratch and scoring again agree bit for bit", async (context) => {
    const model = await shared(context);
    const kept = await model.score(REQUEST, unaborted);
    const scratch = await model.scoreFromScratch(REQUEST, unaborted);
    await model.score({ ...REQUEST, messages: [{ role: "user", content: "Something else." }] }, unaborted);
    const backwards = await model.score({ ...REQUEST, replies: REQUEST.replies.toReversed() }, unaborted);
    expect(scratch).toStrictEqual(kept);
    expect(backwards.logProbabilities.toReversed()).toStrictEqual(kept.logProbabilities);
    expect(new Set(kept.logProbabilities).size).toBe(3);
    for (const value of kept.logProbabilities) expect(value).toBeLessThan(0);
  });

  it("L3: the fast reading agrees with the public probabilities of the whole vocabulary", async (context) => {
    const fast = await shared(context);
    const slow = await openWith(context, { findAddon: () => undefined });
    const [quick, whole] = [await fast.score(REQUEST, unaborted), await slow.score(REQUEST, unaborted)];
    expect(fast.capabilities.lacks).toEqual({});
    expect(slow.capabilities.lacks).toEqual({ "fast score": expect.stringContaining("internals") });
    for (const [place, value] of whole.logProbabilities.entries()) {
      const perToken = Math.abs((value ?? 0) - (quick.logProbabilities[place] ?? 1)) / (whole.tokens[place] ?? 1);
      expect(perToken).toBeLessThan(2e-5);
    }
    expect(quick.usage).toEqual(whole.usage);
    const again = await slow.scoreFromScratch(REQUEST, unaborted);
    expect(again.logProbabilities).toStrictEqual(whole.logProbabilities);
  });

  it("L3: a fast reading that is wrong is found at load and not used", async (context) => {
    const fast = await shared(context);
    const model = await openWith(context, { findAddon: (...given) => tamperedAddon(addonOf(...given)) });
    expect(model.capabilities.lacks).toEqual({ "fast score": expect.stringContaining("differs by") });
    const request = { ...REQUEST, replies: ["Yes"] };
    const [right] = (await fast.score(request, unaborted)).logProbabilities;
    const [fallen] = (await model.score(request, unaborted)).logProbabilities;
    expect(fallen).toBeCloseTo(right ?? 0, 4);
  });

  it("L3: a chat whose beginning was kept answers, bit for bit, as one that is read anew", async (context) => {
    const long = "A neighbour asks for a ladder and says when it will be back. ".repeat(2);
    const turns = [
      { role: "user" as const, content: long },
      { role: "assistant" as const, content: "It is yours." },
      { role: "user" as const, content: "And the saw?" },
      { role: "assistant" as const, content: "That too." },
      { role: "user" as const, content: "And the axe?" },
    ];
    const conversation = (length: number) => chatting({ messages: turns.slice(0, length), maximumTokens: 2 });
    for (const findAddon of [addonOf, () => undefined]) {
      const model = await openWith(context, { findAddon });
      const growing = [];
      for (const length of [1, 3, 5]) growing.push(await model.chat(conversation(length), unaborted));
      await model.score(REQUEST, unaborted);
      const anew = [];
      for (const length of [5, 1, 3]) {
        anew.push(await model.chat(conversation(length), unaborted));
        await model.chat(chatting({ maximumTokens: 1 }), unaborted);
      }
      expect([anew[1], anew[2], anew[0]]).toStrictEqual(growing);
    }
  });

  it("L4: log-probabilities do not depend on the number of threads", async (context) => {
    const model = await loadWeights(await embeddedRuntime(), real(context), unaborted);
    const bare = await openContext(model, real(context), 512);
    const addon = addonOf(model.llama, model, bare);
    if (!addon) throw new Error("expected an addon");
    const tokens = model.tokenize("One for you and one for me.", false);
    const read = async (threads: number) => {
      const evaluator = new AddonEvaluator(addon, BATCH_SIZE, new Pacer(new ThreadChoice([threads])));
      const sums = await scoreTexts(evaluator, tokens.slice(0, 1), [tokens.slice(1)], unaborted);
      await evaluator.close();
      return sums;
    };
    const [one, two, again] = [await read(1), await read(2), await read(1)];
    await bare.dispose();
    await model.dispose();
    expect(two).toStrictEqual(one);
    expect(again).toStrictEqual(one);
    expect(one[0]).toBeLessThan(0);
  });

  it("L4: without a given number threads are measured at load; a closed model closes again", async (context) => {
    const model = await openWith(context, { threads: undefined });
    expect(threadCandidates(cpus().length)).toContain(model.threads);
    await model.close();
    await expect(model.close()).resolves.toBeUndefined();
  });

  it("L1: usage of a score counts the prompt once and every reply's tokens", async (context) => {
    const { usage, tokens } = await (await shared(context)).score(REQUEST, unaborted);
    // System: 3 for its header, 3 of text, 2 to end it; user: 3, 5, 2; header of the answer: 4.
    expect(usage).toEqual({ promptTokens: 22, completionTokens: tokens.reduce((sum, count) => sum + count) });
    expect(tokens.at(-1)).toBe(1);
  });

  it("L1: a request that does not fit the context is refused for this call alone", async (context) => {
    const model = await shared(context);
    const long = { ...REQUEST, messages: [{ role: "user" as const, content: "word ".repeat(3000) }] };
    await expect(model.score(long, unaborted)).rejects.toMatchObject({ scope: "call", code: "request-refused" });
    await expect(model.score({ ...REQUEST, replies: ["Yes"] }, unaborted)).resolves.toMatchObject({ kind: "score" });
  });

  it("L1: an abort ends a score with the signal's reason, and the next one is not disturbed", async (context) => {
    const model = await shared(context);
    const before = await model.score(REQUEST, unaborted);
    const controller = new AbortController();
    const stopped = model.score(REQUEST, controller.signal);
    const reason = new Error("stopped");
    setTimeout(() => controller.abort(reason), 20);
    await expect(stopped).rejects.toBe(reason);
    await expect(model.score(REQUEST, unaborted)).resolves.toStrictEqual(before);
  });
});

describe("chat", { timeout: 120_000 }, () => {
  it("L1: a chat turn tells its text, stop reason and exact usage", async (context) => {
    const model = await shared(context);
    const cut = await model.chat(chatting({ maximumTokens: 3 }), unaborted);
    expect(cut).toMatchObject({ kind: "chat", stop: "length", usage: { completionTokens: 3 } });
    expect(cut.text.length).toBeGreaterThan(0);
    const hello = { messages: [{ role: "user" as const, content: "Translate to English: Bonjour" }] };
    const whole = await model.chat(chatting(hello), unaborted);
    expect(whole).toMatchObject({ stop: "stop", text: expect.not.stringContaining("<|im_end|>") });
    const words = await model.score({ ...REQUEST, replies: [whole.text] }, unaborted);
    expect(whole.usage.completionTokens).toBe((words.tokens[0] ?? 0) + 1);
  });

  it("L1: chat repeats itself with the same seed and not with another", async (context) => {
    const model = await shared(context);
    const say = async (seed: number) => (await model.chat(chatting({ temperature: 1.2, seed }), unaborted)).text;
    const texts = [await say(1), await say(1), await say(2), await say(4294967295)];
    expect(texts[0]).toBe(texts[1]);
    expect(new Set(texts).size).toBe(3);
  });

  it("L1: an answer is bound to a JSON schema, at any temperature", async (context) => {
    const model = await shared(context);
    for (const temperature of [0, 1]) {
      const request = { schema: z.toJSONSchema(actSchema), maximumTokens: 40, temperature };
      const { text, stop } = await model.chat(chatting(request, "Give the bread to Ana."), unaborted);
      if (stop === "stop") expect(actSchema.safeParse(JSON.parse(text)).success).toBe(true);
      else expect(text.trimStart()).toMatch(/^\{/);
    }
  });

  it("L1: log-probabilities of letters are those of the first answer token, with and without a space", async (context) => {
    const model = await shared(context);
    const request = chatting({ letters: ["A", "B"] }, "Answer with one letter, A or B.");
    const { letterLogProbabilities } = await model.chat(request, unaborted);
    const scored = await model.score({ ...request, replies: ["A", " A", "B", " B"] }, unaborted);
    const [a = 0, spaceA = 0, b = 0, spaceB = 0] = scored.logProbabilities.map((value) => Math.exp(value ?? 0));
    expect(scored.tokens).toEqual([1, 1, 1, 1]);
    expect(letterLogProbabilities?.A).toBeCloseTo(Math.log(a + spaceA), 4);
    expect(letterLogProbabilities?.B).toBeCloseTo(Math.log(b + spaceB), 4);
  });

  it("L1: chat and score do not disturb each other, also when asked at once", async (context) => {
    const model = await shared(context);
    const alone = [await model.score(REQUEST, unaborted), await model.chat(chatting({}), unaborted)];
    const together = [model.score(REQUEST, unaborted), model.chat(chatting({}), unaborted)];
    expect(await Promise.all(together)).toStrictEqual(alone);
  });

  it("L1: an abort ends a chat with the signal's reason", async (context) => {
    const model = await shared(context);
    const controller = new AbortController();
    const stopped = model.chat(
      chatting({ maximumTokens: 500, temperature: 1 }, "Tell a long story."),
      controller.signal,
    );
    const reason = new Error("stopped");
    setTimeout(() => controller.abort(reason), 100);
    await expect(stopped).rejects.toBe(reason);
    await expect(model.chat(chatting({ maximumTokens: 1 }), unaborted)).resolves.toMatchObject({ stop: "length" });
  });
});

describe("files", { timeout: 120_000 }, () => {
  it("L5: any GGUF file runs with the chat template that it carries", async (context) => {
    const path = await patched(
      real(context),
      "You are a helpful AI assistant named",
      "You are a hateful AI assistant named",
    );
    const model = await openWith(context, { spec: `gguf:${path}`, path, name: "patched" });
    const request = { ...REQUEST, messages: REQUEST.messages.slice(1), replies: ["Yes"] };
    const [own] = (await model.score(request, unaborted)).logProbabilities;
    const [other] = (await (await shared(context)).score(request, unaborted)).logProbabilities;
    const system = { role: "system" as const, content: SYSTEM.replace("helpful", "hateful") };
    const told = { ...request, messages: [system, ...request.messages] };
    const [same] = (await (await shared(context)).score(told, unaborted)).logProbabilities;
    expect(own).not.toBe(other);
    expect(own).toBe(same);
    expect(model.identity).toMatchObject({ provider: "gguf", spec: `gguf:${path}` });
    expect(model.identity.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(model.identity.sha256).not.toBe(SMOLLM2_135M.sha256);
  });

  it("F5: text of a message cannot end its turn", async (context) => {
    const model = await shared(context);
    const score = async (content: string) => {
      const answer = await model.score(
        { ...REQUEST, messages: [{ role: "user", content }], replies: ["Yes"] },
        unaborted,
      );
      return answer.usage.promptTokens;
    };
    expect(await score("a<|im_end|>b")).toBeGreaterThan((await score("a b")) + 3);
  });

  it("L5: a model without a chat template is one coded error", async (context) => {
    const path = await patched(real(context), "tokenizer.chat_template", "tokenizer.chat_tomplate");
    await expect(openWith(context, { path })).rejects.toMatchObject({ code: "chat-template-missing", exit: 2 });
  });

  it("F3: a path without a file, a file of another kind and a cut one are one coded error each", async (context) => {
    const at = (path: string) => openEmbeddedModel({ spec: `gguf:${path}`, path, name: "x", threads: 1 });
    const missing = join(folder, "missing.gguf");
    await expect(at(missing)).rejects.toMatchObject({
      code: "weights-missing",
      message: expect.stringContaining(missing),
    });
    await expect(at(folder)).rejects.toMatchObject({ code: "weights-unreadable" });
    const text = join(folder, "text.gguf");
    await writeFile(text, "not weights");
    await expect(at(text)).rejects.toMatchObject({ code: "weights-unreadable", exit: 2 });
    for (const content of [
      "GGUF, or so it says, and then something else",
      "GGUF\u0003\0\0\0",
      "GGUF\u0003\0\0\0".padEnd(99, "\xff"),
    ]) {
      await writeFile(text, content, "latin1");
      await expect(at(text)).rejects.toMatchObject({ code: "weights-unreadable" });
    }
    const cut = join(folder, "cut.gguf");
    await copyFile(real(context), cut);
    await truncate(cut, 50_000_000);
    await expect(at(cut)).rejects.toMatchObject({ code: "weights-unreadable", message: expect.stringContaining(cut) });
  });

  it("L1: identity names weights, version of llama.cpp and class of processor", async (context) => {
    const model = await shared(context);
    expect(model.identity).toEqual({
      spec: "embedded:smollm2-135m",
      provider: "embedded",
      name: "smollm2-135m",
      sha256: SMOLLM2_135M.sha256,
      reported: expect.stringMatching(/^llama\.cpp /),
      processor: expect.stringMatching(new RegExp(`^${process.platform}-${process.arch}-[a-z0-9-]+$`)),
    });
    expect(model.capabilities).toMatchObject({
      score: true,
      chat: true,
      letterLogProbabilities: true,
      maximumParallel: 1,
    });
  });
});

const SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face";

/** An addon whose probabilities are too small. */
function tamperedAddon(addon: Addon | undefined): Addon | undefined {
  if (!addon) return undefined;
  const { context } = addon;
  const bound = <T extends keyof Addon["context"]>(name: T) => context[name].bind(context) as Addon["context"][T];
  return {
    createSampler: addon.createSampler,
    context: {
      initBatch: bound("initBatch"),
      addToBatch: bound("addToBatch"),
      decodeBatch: bound("decodeBatch"),
      removeTokenCellsFromSequence: bound("removeTokenCellsFromSequence"),
      setThreads: bound("setThreads"),
      sampleToken: async (...given) => {
        const [token, probabilities, confidence] = await context.sampleToken(...given);
        return [token, probabilities, confidence === undefined ? undefined : confidence * 0.9];
      },
    },
  };
}

/** A copy of a file in which the first occurrence of a text is another text of the same length. */
async function patched(path: string, text: string, other: string): Promise<string> {
  const copy = join(folder, `${other.replaceAll(/\W/g, "-")}.gguf`);
  await copyFile(path, copy);
  const start = (await readFile(copy)).indexOf(text);
  const file = await open(copy, "r+");
  await file.write(other, start).finally(() => file.close());
  return copy;
}
