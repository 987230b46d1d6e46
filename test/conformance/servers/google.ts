import { faultTold } from "./faults.ts";
import { type Loopback, startLoopback, type Told } from "./loopback.ts";

/**
 * Google's Generative Language API as its reference documents it ("models.generateContent"). `logprobs`: the most
 * candidates that the model gives; 0 as the models that have none enabled, whose words are `refusal`. `answers`: how
 * often it gives them before it refuses.
 */
export async function startGoogleServer(
  key: string,
  { logprobs = 0, answers = Number.POSITIVE_INFINITY, refusal = "Logprobs is not enabled for models/toy" } = {},
): Promise<Loopback> {
  let given = 0;
  return startLoopback((asked) => {
    if (asked.path !== "/v1beta/models/toy:generateContent")
      return { status: 404, json: errorBody(404, "Requested entity was not found.") };
    if (asked.headers["x-goog-api-key"] !== key)
      return { status: 400, json: errorBody(400, "API key not valid. Please pass a valid API key.") };
    const { responseLogprobs, logprobs: count = 0 } = (asked.body?.generationConfig ?? {}) as {
      responseLogprobs?: boolean;
      logprobs?: number;
    };
    if (responseLogprobs && (logprobs === 0 || given >= answers)) return { status: 400, json: errorBody(400, refusal) };
    if (responseLogprobs) given += 1;
    if (responseLogprobs && count > logprobs)
      return { status: 400, json: errorBody(400, `logprobs must be in the range [0, ${logprobs}]`) };
    return tell(asked.body ?? {}, key, responseLogprobs ? logprobsResult(count) : undefined);
  });
}

/** Of one answer token: the chosen one, and the likeliest in falling order. */
function logprobsResult(count: number): unknown {
  const ranked = [
    { token: "B", tokenId: 235305, logProbability: -0.25 },
    { token: " A", tokenId: 586, logProbability: -1.75 },
    { token: "The", tokenId: 651, logProbability: -4 },
    { token: "C", tokenId: 235288, logProbability: -5.5 },
  ];
  return { topCandidates: [{ candidates: ranked.slice(0, count) }], chosenCandidates: ranked.slice(0, 1) };
}

function tell(body: Record<string, unknown>, key: string, logprobs?: unknown): Told {
  const contents = body.contents as readonly { parts: readonly { text: string }[] }[];
  const words = contents.at(-1)?.parts.at(-1)?.text ?? "";
  const fault = faultTold(words, errorBody, key);
  if (fault) return fault;
  const usageMetadata = {
    promptTokenCount: 11,
    cachedContentTokenCount: 8,
    candidatesTokenCount: 2,
    thoughtsTokenCount: 1,
    totalTokenCount: 14,
  };
  const modelVersion = "toy-2026-01-01";
  if (words === "block") return { json: { promptFeedback: { blockReason: "SAFETY" }, usageMetadata, modelVersion } };
  const { text, finish } = SAID[words] ?? { text: "B", finish: "STOP" };
  const content = text === "" ? { role: "model" } : { role: "model", parts: [{ text }] };
  return {
    json: {
      candidates: [{ index: 0, content, finishReason: finish, ...(logprobs ? { logprobsResult: logprobs } : {}) }],
      usageMetadata,
      modelVersion,
    },
  };
}

const STATUSES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
};

function errorBody(status: number, message: string): unknown {
  return {
    error: {
      code: status,
      message: status === 404 ? `models/toy: ${message}` : message,
      status: STATUSES[status] ?? "UNAVAILABLE",
    },
  };
}

const SAID: Readonly<Record<string, { text: string; finish: string }>> = {
  empty: { text: "", finish: "STOP" },
  filter: { text: "", finish: "SAFETY" },
  "run on": { text: "and so", finish: "MAX_TOKENS" },
  object: { text: '{"act":"give"}', finish: "STOP" },
  hostile: { text: "\u001b[2J<script>alert(1)</script>", finish: "STOP" },
};
