import { faultTold } from "./faults.ts";
import { type Loopback, startLoopback, type Told } from "./loopback.ts";

/** Anthropic's Messages API as its reference documents it ("Create a Message", "Errors"). */
export async function startAnthropicServer(key: string): Promise<Loopback> {
  return startLoopback((asked) => {
    if (asked.path !== "/v1/messages") return { status: 404, json: errorBody(404, "Not found") };
    if (asked.headers["x-api-key"] !== key) return { status: 401, json: errorBody(401, "invalid x-api-key") };
    return tell(asked.body ?? {}, key);
  });
}

function tell(body: Record<string, unknown>, key: string): Told {
  const messages = body.messages as readonly { content: readonly { text: string }[] }[];
  const words = messages.at(-1)?.content.at(-1)?.text ?? "";
  const fault = faultTold(words, errorBody, key);
  if (fault) return fault;
  if (words === "warm" && "temperature" in body)
    return { status: 400, json: errorBody(400, "`temperature` is not supported for this model") };
  const { text, stop } = SAID[words] ?? { text: "B", stop: "end_turn" };
  return {
    json: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "toy-2026-01-01",
      content: text === "" ? [] : [{ type: "text", text }],
      stop_reason: stop,
      stop_sequence: null,
      usage: { input_tokens: 2, cache_creation_input_tokens: 1, cache_read_input_tokens: 8, output_tokens: 3 },
    },
  };
}

const TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  404: "not_found_error",
  429: "rate_limit_error",
  529: "overloaded_error",
};

function errorBody(status: number, message: string): unknown {
  const text = status === 404 ? `model: ${message}` : message;
  return { type: "error", error: { type: TYPES[status] ?? "api_error", message: text }, request_id: "req_1" };
}

const SAID: Readonly<Record<string, { text: string; stop: string }>> = {
  empty: { text: "", stop: "end_turn" },
  refuse: { text: "", stop: "refusal" },
  "run on": { text: "and so", stop: "max_tokens" },
  object: { text: '{"act":"give"}', stop: "end_turn" },
  hostile: { text: "\u001b[2J<script>alert(1)</script>", stop: "end_turn" },
};
