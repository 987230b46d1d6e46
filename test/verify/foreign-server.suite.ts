import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ourBankPath, readBank } from "../../src/adapters/bank-files.ts";
import { AddonEvaluator, addonOf } from "../../src/adapters/language-models/addon-evaluator.ts";
import { type EmbeddedModel, openEmbeddedModel } from "../../src/adapters/language-models/embedded.ts";
import {
  BATCH_SIZE,
  embeddedRuntime,
  loadWeights,
  openContext,
} from "../../src/adapters/language-models/embedded-runtime.ts";
import { openLanguageModel } from "../../src/adapters/language-models/open-language-model.ts";
import { Pacer } from "../../src/adapters/language-models/pacer.ts";
import { smollm2Path } from "../../src/adapters/language-models/smollm2.ts";
import { ThreadChoice } from "../../src/adapters/language-models/thread-choice.ts";
import { carryOut, prepareRun } from "../../src/adapters/profile-run.ts";
import { SMOLLM2_135M } from "../../src/adapters/weights.ts";
import { isDashpotError } from "../../src/model/error.ts";
import { LABELS } from "../../src/model/label.ts";
import type { ChatMessage, LanguageModel, ScoreRequest } from "../../src/model/language-model.ts";
import { chooseSituations, designCalls, type PlannedCall } from "../../src/profile/design.ts";
import { LETTERS, scorePrompt } from "../../src/profile/prompt.ts";
import { fixturePlan } from "../fixtures/simulate-run.ts";
import { type Apart, apart, echoedTokens } from "../peers/echoed-tokens.ts";
import { LLAMA_CPP_SERVER, type PeerServer, startLlamaCppServer } from "../peers/llama-cpp-server.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

/**
 * By how much two evaluations of the same quantised weights may differ, nats. Split into batches otherwise, the embedded
 * model differs from itself by up to 0.23 for a token and by 0.2 to 0.9 for a reply; the server is also another release
 * of llama.cpp.
 */
const BOUNDS = {
  token: { mean: 0.1, most: 0.5 },
  reply: { mean: 0.5, most: 1.5 },
  letter: { mean: 0.2, most: 0.5 },
} as const;

/** L12 and L7, against a server that others wrote, on the embedded model's weights. */
export const suite: VerifySuite = {
  name: "foreign-server",
  proves: ["L12", "L7", "L6"],
  title:
    "The embedded model agrees with llama-cpp-python's server on the same weights, and the probe sees where that server is wrong",
  budgetMinutes: 60,
  model: "embedded",
  doc: "docs/models.md",
  section: "foreign-server",
  run: async (context) => {
    const found = await allParts(context);
    return { table: tableOf(found), holds: Object.values(verdicts(found)).every(Boolean) };
  },
};

interface Found {
  readonly plain: Probed;
  readonly chatml: Probed;
  readonly run: Ran;
  readonly replies: Apart;
  readonly letters: Apart;
  readonly tokens: { readonly told: Apart; readonly corrected: Apart };
}

/** What comes of `--format auto` and of `--format score`. */
interface Probed {
  readonly format: string;
  readonly reason: string;
  readonly forced: string;
}

interface Ran {
  readonly situations: number;
  readonly calls: number;
  readonly answered: number;
  readonly fromLetters: boolean;
}

/** Each part is kept as soon as it is known; server and model are opened for the first that is not. */
async function allParts(context: SuiteContext): Promise<Found> {
  const { state, log, signal } = context;
  const peers = lazyPeers(signal);
  const part = async <T>(key: string, find: (opened: Peers) => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    const known = state.get<T>(key);
    if (known !== undefined) return known;
    const value = await find(await peers.open());
    state.put(key, value);
    log(`${key}: ${JSON.stringify(value)}`);
    return value;
  };
  try {
    return {
      plain: await part("plain", ({ server }) => probed(server, "plain", signal)),
      chatml: await part("chatml", ({ server }) => probed(server, "chatml", signal)),
      tokens: await part("tokens", ({ server, weights }) => comparedTokens(server, weights, context)),
      letters: await part("letters", ({ server, embedded }) => comparedLetters(server, embedded, context)),
      replies: await part("replies", ({ server, embedded }) => comparedReplies(server, embedded, context)),
      run: await part("run", ({ server }) => choiceRun(server, context)),
    };
  } finally {
    await peers.close();
  }
}

interface Peers {
  readonly weights: string;
  readonly server: PeerServer;
  readonly embedded: EmbeddedModel;
}

function lazyPeers(signal: AbortSignal): { open(): Promise<Peers>; close(): Promise<void> } {
  let opened: Promise<Peers> | undefined;
  const open = async (): Promise<Peers> => {
    const weights = await smollm2Path(signal);
    const server = await startLlamaCppServer(weights, signal);
    try {
      const { name, sha256 } = SMOLLM2_135M;
      return {
        weights,
        server,
        embedded: await openEmbeddedModel({ spec: `embedded:${name}`, path: weights, name, sha256, signal }),
      };
    } catch (error) {
      await server.stop();
      throw error;
    }
  };
  return {
    open: () => {
      opened ??= open();
      return opened;
    },
    close: async () => {
      const peers = await opened?.catch(() => undefined);
      await peers?.server.stop();
      await peers?.embedded.close();
    },
  };
}

const SPEC = "openai:smollm2";
/** The server takes its time over every token of a prompt, one request after the other. */
const PATIENT = { parallel: 1, timeoutMs: 1_200_000, environment: {} } as const;

async function probed({ address }: PeerServer, chatTemplate: string, abort: AbortSignal): Promise<Probed> {
  const request = { model: SPEC, baseUrl: address, chatTemplate, reference: "none" };
  const auto = await prepareRun(request, { ...PATIENT, abort });
  await auto.model.close();
  const { format, formatReason } = auto.plan;
  const forced = await prepareRun({ ...request, format: "score" }, { ...PATIENT, abort }).then(
    async ({ model }) => {
      await model.close();
      return "taken";
    },
    (error: unknown) => {
      if (!isDashpotError(error)) throw error;
      return `${error.code}: ${error.message}`;
    },
  );
  return { format, reason: formatReason, forced };
}

/** A run by `choice` over a few situations of our bank, from the command's own functions. */
async function choiceRun({ address }: PeerServer, { signal, quick }: SuiteContext): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), "dashpot-foreign-"));
  try {
    const bank = await partOfOurBank(join(folder, "bank"), quick ? 1 : 3);
    const request = {
      model: SPEC,
      baseUrl: address,
      chatTemplate: "plain",
      bank,
      acts: false,
      self: false,
      reference: "none",
    };
    const run = await prepareRun(request, { ...PATIENT, abort: signal });
    const profile = await carryOut(run, join(folder, "run"), { ...PATIENT, abort: signal, stop: signal }).finally(() =>
      run.model.close(),
    );
    const { refusals, unparsable, empty, failures } = profile.silence.total;
    const shares = profile.distributions.flatMap(({ rows }) => Object.values(rows).flatMap((row) => row ?? []));
    return {
      situations: profile.situations.length,
      calls: profile.totals.calls,
      answered: profile.totals.calls - refusals - unparsable - empty - failures,
      // Six presentations of samples make sixths; probabilities of letters make anything between.
      fromLetters: shares.some((share) => Math.abs(share * 6 - Math.round(share * 6)) > 1e-6),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Our bank without all but a few situations, and without decoys, validation and dyads. */
async function partOfOurBank(folder: string, situations: number): Promise<string> {
  mkdirSync(folder);
  writeFileSync(join(folder, "bank.yaml"), readFileSync(join(ourBankPath(), "bank.yaml")));
  const bank = await readBank(ourBankPath());
  const chosen = chooseSituations(bank, "quick").slice(0, situations);
  const lines = chosen.map(({ decoys: _, validation: __, ...bare }) => `${JSON.stringify(bare)}\n`);
  writeFileSync(join(folder, "situations.jsonl"), lines.join(""));
  return folder;
}

function openServerModel({ address }: PeerServer, chatTemplate: string): Promise<LanguageModel> {
  return openLanguageModel(SPEC, {
    baseUrl: address,
    chatTemplate,
    environment: {},
    home: "",
    timeoutMs: PATIENT.timeoutMs,
  });
}

/** With a system message the model's own template and `chatml` are the same text. */
const SYSTEM: ChatMessage = { role: "system", content: "You are a helpful AI assistant." };

/** Replies of our bank, scored by the adapter against the server and by the embedded model. */
async function comparedReplies(
  server: PeerServer,
  embedded: EmbeddedModel,
  { signal, quick, log }: SuiteContext,
): Promise<Apart> {
  const bank = await readBank(ourBankPath());
  const model = await openServerModel(server, "chatml");
  const pairs: [number, number][] = [];
  try {
    await model.prepare?.(signal);
    for (const [index, situation] of chooseSituations(bank, "quick")
      .slice(0, quick ? 1 : 3)
      .entries()) {
      const every = LABELS.flatMap((label) => situation.replies[label]);
      const replies = quick ? every.slice(0, 3) : every;
      const messages = [SYSTEM, ...scorePrompt(situation, situation.cues.none)];
      const request = { messages, replies, item: scoreItem } satisfies ScoreRequest;
      const theirs = await model.score?.(request, signal);
      const ours = await embedded.score(request, signal);
      for (const [place, value] of ours.logProbabilities.entries())
        pairs.push([value ?? Number.NaN, theirs?.logProbabilities[place] ?? Number.NaN]);
      log(`replies of situation ${index + 1} compared`);
    }
    return apart(pairs);
  } finally {
    await model.close();
  }
}

const scoreItem: ScoreRequest["item"] = {
  situation: "s",
  domain: "d",
  rank: "equal",
  arm: "bank",
  row: "none",
  replies: [],
};

type ChoiceCall = Exclude<PlannedCall, { kind: "score" }>;

/** Letters as first token of an answer, over several presentations of our bank. */
async function comparedLetters(
  server: PeerServer,
  embedded: EmbeddedModel,
  { signal, quick }: SuiteContext,
): Promise<Apart> {
  const bank = await readBank(ourBankPath());
  const calls = designCalls(bank, fixturePlan(bank, { format: "choice", samples: 1 })).filter(
    (call): call is ChoiceCall => call.kind === "chat",
  );
  const chosen = calls.filter((_, index) => index % Math.ceil(calls.length / (quick ? 2 : 12)) === 0);
  const model = await openServerModel(server, "plain");
  const pairs: [number, number][] = [];
  try {
    await model.prepare?.(signal);
    for (const { request } of chosen) {
      const asked = { ...request, messages: [SYSTEM, ...request.messages] };
      const theirs = (await model.chat?.(asked, signal))?.letterLogProbabilities ?? {};
      const ours = (await embedded.chat(asked, signal)).letterLogProbabilities ?? {};
      for (const letter of LETTERS)
        if (letter in theirs && letter in ours) pairs.push([ours[letter] as number, theirs[letter] as number]);
    }
    return apart(pairs);
  } finally {
    await model.close();
  }
}

/** Prompts that do not begin with the token for the beginning of the text, which is where the server shifts. */
const PLAIN_TEXTS = [
  "User: What did the dog do?\n\nAssistant:\nThe brown dog sleeps near the old door.",
  "User: Count to six.\n\nAssistant:\nOne, two, three, four, five, six.",
  "User: Who decides?\n\nAssistant:\nThe one who was here first decides, and we follow.",
  "User: Your turn.\n\nAssistant:\nI give you half of my bread, and you give me half of your soup.",
  "User: What is it worth?\n\nAssistant:\nI will pay you ten coins for the boat.",
  "User: May I come in?\n\nAssistant:\nNo. Leave at once, and take your things with you.",
] as const;

/** More candidates than the vocabulary has tokens, so that the row before holds every token. */
const CANDIDATES = 50_000;

/** Token by token: as the server tells it, and with its shift undone, each against the embedded model. */
async function comparedTokens(
  { address }: PeerServer,
  weights: string,
  { signal, quick }: SuiteContext,
): Promise<Found["tokens"]> {
  const read = await embeddedTokens(weights, signal);
  const told: [number, number][] = [];
  const corrected: [number, number][] = [];
  try {
    for (const prompt of PLAIN_TEXTS.slice(0, quick ? 2 : undefined)) {
      const body = { model: "smollm2", prompt, echo: true, logprobs: CANDIDATES, max_tokens: 1, temperature: 0 };
      const answer = await fetch(`${address}/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal,
      });
      const theirs = echoedTokens(await answer.json());
      const ours = await read.values(prompt);
      if (theirs.map(({ token }) => token).join("") !== prompt || ours.length !== theirs.length)
        throw new Error(`expected the same tokens of ${prompt}`);
      for (const [index, one] of theirs.entries()) {
        const own = ours[index];
        if (own === null || own === undefined || one.told === null || one.corrected === null) continue;
        told.push([own, one.told]);
        corrected.push([own, one.corrected]);
      }
    }
    return { told: apart(told), corrected: apart(corrected) };
  } finally {
    await read.close();
  }
}

/** log P of each token of a raw text after those before it, evaluated as one batch; null for the first. */
async function embeddedTokens(path: string, signal: AbortSignal) {
  const llama = await embeddedRuntime();
  const model = await loadWeights(llama, path, signal);
  const context = await openContext(model, path, 1024);
  const addon = addonOf(llama, model, context);
  if (!addon) throw new Error("expected node-llama-cpp's addon to be as it was");
  const evaluator = new AddonEvaluator(addon, BATCH_SIZE, new Pacer(new ThreadChoice([1])));
  return {
    values: async (text: string): Promise<readonly (number | null)[]> => {
      const tokens = model.tokenize(text, true);
      await evaluator.eraseFrom(0);
      return [null, ...(await evaluator.logProbabilities(tokens.slice(0, -1), tokens.slice(1)))];
    },
    close: async () => {
      await evaluator.close();
      await context.dispose();
      await model.dispose();
    },
  };
}

function verdicts({ plain, chatml, run, replies, letters, tokens }: Found): Record<string, boolean> {
  const within = ({ pairs, mean, most }: Apart, bound: { readonly mean: number; readonly most: number }) =>
    pairs > 0 && mean <= bound.mean && most <= bound.most;
  return {
    refused:
      plain.format === "choice" &&
      plain.reason.includes("score-misaligned") &&
      plain.forced.includes("score-misaligned"),
    passed: chatml.format === "score" && chatml.forced === "taken",
    ran: run.situations > 0 && run.answered >= 0.9 * run.calls && run.fromLetters,
    replies: within(replies, BOUNDS.reply),
    letters: within(letters, BOUNDS.letter),
    corrected: within(tokens.corrected, BOUNDS.token),
    // Were the values told right, there would be nothing to refuse, and the correction would undo nothing.
    shifted: tokens.told.mean > 10 * BOUNDS.token.mean,
  };
}

function tableOf(found: Found): string {
  const { plain, chatml, run, replies, letters, tokens } = found;
  const verdict = verdicts(found);
  const held = (...names: string[]) => (names.every((name) => verdict[name]) ? "holds" : "**does not hold**");
  const far = ({ pairs, mean, most }: Apart) =>
    `${pairs} pairs, ${mean.toFixed(3)} on average, ${most.toFixed(3)} at most`;
  const bound = ({ mean, most }: { readonly mean: number; readonly most: number }) => `${mean} and ${most}`;
  return [
    `\`${LLAMA_CPP_SERVER}\`, built from its source, serving ${SMOLLM2_135M.file} on this machine. Where a prompt does not begin with the token for the beginning of the text, this server tells each token's log-probability from the row behind it instead of the row before it; where it does, as under \`chatml\`, the values are right. It is the newest release, so none is known that tells them rightly always. Differences are in nats.`,
    "",
    "| What | Found | Bound | |",
    "| --- | --- | --- | --- |",
    `| \`--chat-template plain\`, \`--format auto\` | ${plain.format}: ${plain.reason} | refused as \`score-misaligned\`, goes on with choice | ${held("refused")} |`,
    `| \`--chat-template chatml\`, \`--format auto\` | ${chatml.format} | score | ${held("passed")} |`,
    `| A run by choice | ${run.situations} situations, ${run.answered} of ${run.calls} calls answered, ${run.fromLetters ? "by log-probabilities of letters" : "by samples"} | nine of ten answered | ${held("ran")} |`,
    `| Replies under \`chatml\`, embedded against server | ${far(replies)} | ${bound(BOUNDS.reply)} | ${held("replies")} |`,
    `| Letters as first token of an answer | ${far(letters)} | ${bound(BOUNDS.letter)} | ${held("letters")} |`,
    `| Tokens without \`chatml\`, as told | ${far(tokens.told)} | shifted: more than ${10 * BOUNDS.token.mean} on average | ${held("shifted")} |`,
    `| The same, shift undone by hand | ${far(tokens.corrected)} | ${bound(BOUNDS.token)} | ${held("corrected")} |`,
    "",
    "Bounds are mean and greatest difference. With other batches the embedded model differs from itself by up to 0.23 for a token and by 0.2 to 0.9 for a reply; the server is another release of llama.cpp.",
  ].join("\n");
}
