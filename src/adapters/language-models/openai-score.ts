import { CallError } from "../../model/call-error.ts";
import type { ChatMessage, ScoreAnswer, ScoreRequest } from "../../model/language-model.ts";
import type { Clock } from "../clock.ts";
import { probeAlignment } from "./alignment-probe.ts";
import { type ChatTemplate, renderChat } from "./chat-template.ts";
import type { HttpTransport } from "./http-transport.ts";
import {
  parseAppliedTemplate,
  parseCompletionLogprobs,
  parsePromptLogprobs,
  type ScoredPrompt,
} from "./openai-answers.ts";
import { withPatience } from "./patience.ts";
import { replyScore } from "./reply-tokens.ts";

export interface ScoreContext {
  readonly transport: Pick<HttpTransport, "post" | "postToOrigin">;
  readonly clock: Clock;
  readonly name: string;
  readonly chatTemplate: ChatTemplate | undefined;
}

/** A way in which a server gives log-probabilities of a given reply. */
export interface ScoreWay {
  /** Renders what all replies to these messages share. */
  readonly begin: (
    messages: readonly ChatMessage[],
    signal: AbortSignal,
  ) => Promise<(reply: string, signal: AbortSignal) => Promise<ScoredPrompt>>;
}

/** What was found: a way that passed the alignment probe, or the reason why there is none. */
export type ScoreFinding = { readonly way: ScoreWay } | { readonly refusal: CallError };

const PROBE_MESSAGES: readonly ChatMessage[] = [{ role: "user", content: "Say it in full." }];

/**
 * Looks for the first way that the server offers and that passes the alignment probe (L6, L7): `prompt_logprobs` of vLLM's
 * chat completions; Completions with `echo` after llama.cpp's `/apply-template`; the same after a named chat template.
 */
export async function findScoreWay(context: ScoreContext, signal: AbortSignal): Promise<ScoreFinding> {
  const reasons: string[] = [];
  for (const { offered, of } of waysOf(context)) {
    try {
      const patient = of(patientContext(context));
      await probeAlignment(async (text) => (await patient.begin(PROBE_MESSAGES, signal))(text, signal));
      return { way: of(context) };
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (error.code === "score-misaligned") return { refusal: error };
      if (PASSING.has(error.code)) throw error;
      reasons.push(`no ${offered}`);
    }
  }
  return { refusal: unsupported(reasons, context.chatTemplate) };
}

/** Failures that say nothing about what the server offers. */
const PASSING = new Set(["rate-limited", "network", "timeout", "key-refused", "quota-exhausted"]);

interface Offer {
  readonly offered: string;
  readonly of: (context: ScoreContext) => ScoreWay;
}

function waysOf({ chatTemplate }: ScoreContext): readonly Offer[] {
  const own: Offer = { offered: "prompt_logprobs", of: promptLogprobs };
  if (chatTemplate)
    return [own, { offered: "echo with logprobs", of: (context) => echoed(context, named(chatTemplate)) }];
  return [
    own,
    { offered: "/apply-template and echo with logprobs", of: (context) => echoed(context, applied(context)) },
  ];
}

/** The same endpoint, tried again while it is busy. */
function patientContext(context: ScoreContext): ScoreContext {
  const { transport, clock } = context;
  return {
    ...context,
    transport: {
      post: (path, value, signal) => withPatience(() => transport.post(path, value, signal), clock, signal),
      postToOrigin: (path, value, signal) =>
        withPatience(() => transport.postToOrigin(path, value, signal), clock, signal),
    },
  };
}

function unsupported(reasons: readonly string[], chatTemplate: ChatTemplate | undefined): CallError {
  const hint = chatTemplate ? "" : "; for a server with echo, name the model's chat template";
  return new CallError(
    "run",
    "score-unsupported",
    `expected log-probabilities of a given text, received none: ${reasons.join(", ")}`,
    {
      fix: `use --format choice${hint}`,
    },
  );
}

/** What is known of requests that failed half-way, by the way they were asked, for their next try. */
const begun = new WeakMap<ScoreWay, WeakMap<ScoreRequest, ScoredPrompt[]>>();

/**
 * Scores all replies to one prompt one after another, so that as many requests are in flight as the run engine counts
 * calls. A request that is tried again goes on at the reply it failed at.
 */
export async function scoreReplies(way: ScoreWay, request: ScoreRequest, signal: AbortSignal): Promise<ScoreAnswer> {
  const { messages, replies } = request;
  const known = begun.get(way) ?? new WeakMap<ScoreRequest, ScoredPrompt[]>();
  begun.set(way, known);
  const scored = known.get(request) ?? [];
  known.set(request, scored);
  const score = await way.begin(messages, signal);
  for (const [place, reply] of replies.entries()) scored[place] ??= await score(reply, signal);
  known.delete(request);
  return summed(scored, replies);
}

function summed(scored: readonly ScoredPrompt[], replies: readonly string[]): ScoreAnswer {
  const parts = scored.map((one, index) => replyScore(one, replies[index] as string));
  return {
    kind: "score",
    logProbabilities: parts.map((part) => part.logProbability),
    tokens: parts.map((part) => part.tokens),
    usage: {
      promptTokens: scored.reduce((sum, { usage }) => sum + usage.promptTokens, 0),
      completionTokens: scored.reduce((sum, { usage }) => sum + usage.completionTokens, 0),
    },
  };
}

/** vLLM: the reply stands as an assistant turn left open, so that the prompt ends with it. */
function promptLogprobs({ transport, name }: ScoreContext): ScoreWay {
  return {
    begin: async (messages) => async (reply, signal) => {
      const body = {
        model: name,
        messages: [...messages, { role: "assistant", content: reply }],
        add_generation_prompt: false,
        continue_final_message: true,
        prompt_logprobs: 0,
        max_tokens: 1,
        temperature: 0,
      };
      return parsePromptLogprobs(await transport.post("/chat/completions", body, signal));
    },
  };
}

type Render = (messages: readonly ChatMessage[], signal: AbortSignal) => Promise<string>;

/** Completions whose answer repeats the prompt. One token is generated: llama-cpp-python takes 0 for no limit. */
function echoed({ transport, name }: ScoreContext, render: Render): ScoreWay {
  return {
    begin: async (messages, beginSignal) => {
      const prompt = await render(messages, beginSignal);
      return async (reply, signal) => {
        const body = { model: name, prompt: prompt + reply, echo: true, logprobs: 1, max_tokens: 1, temperature: 0 };
        return parseCompletionLogprobs(await transport.post("/completions", body, signal));
      };
    },
  };
}

function named(template: ChatTemplate): Render {
  return async (messages) => renderChat(template, messages);
}

function applied({ transport }: ScoreContext): Render {
  return async (messages, signal) =>
    parseAppliedTemplate(await transport.postToOrigin("/apply-template", { messages }, signal));
}
