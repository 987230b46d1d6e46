import { faultTold } from "./faults.ts";
import { type Loopback, startLoopback, type Told } from "./loopback.ts";

/** Google's Generative Language API as its reference documents it ("models.generateContent"). */
export async function startGoogleServer(key: string): Promise<Loopback> {
  return startLoopback((asked) => {
    if (asked.path !== "/v1beta/models/toy:generateContent")
      return { status: 404, json: errorBody(404, "Requested entity was not found.") };
    if (asked.headers["x-goog-api-key"] !== key)
      return { status: 400, json: errorBody(400, "API key not valid. Please pass a valid API key.") };
    return tell(asked.body ?? {}, key);
  });
}

function tell(body: Record<string, unknown>, key: string): Told {
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
  return { json: { candidates: [{ index: 0, content, finishReason: finish }], usageMetadata, modelVersion } };
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
