import type { Told } from "./loopback.ts";

/** What a test asks a loopback server for, as the last user message. */
export const FAULTS = {
  "rate limited": { scope: "later", code: "rate-limited", retryAfterMs: 2000 },
  "rate limited until a date": { scope: "later", code: "rate-limited", retryAfterMs: 5000 },
  overloaded: { scope: "later", code: "server-error" },
  "server error": { scope: "later", code: "server-error" },
  reset: { scope: "later", code: "network" },
  truncated: { scope: "later", code: "network" },
  "truncated json": { scope: "later", code: "malformed-answer" },
  "another shape": { scope: "later", code: "malformed-answer" },
  html: { scope: "later", code: "page-received" },
  huge: { scope: "later", code: "malformed-answer" },
  stalled: { scope: "later", code: "timeout" },
  "key refused": { scope: "run", code: "key-refused" },
  "model unknown": { scope: "run", code: "model-unknown" },
  "nothing here": { scope: "run", code: "address-wrong" },
  moved: { scope: "run", code: "address-wrong" },
  "no credit": { scope: "run", code: "quota-exhausted" },
  "request refused": { scope: "call", code: "request-refused" },
  "key quoted": { scope: "call", code: "request-refused" },
} as const;

export type Fault = keyof typeof FAULTS;

/** The wall clock of tests, milliseconds since 1970, on which `Retry-After` dates depend. */
export const WALL_MS = Date.UTC(2026, 0, 1);

/** How a dialect words an error. */
export type ErrorBody = (status: number, message: string) => unknown;

/** The answer to a fault asked for, or undefined where the words ask for none. */
export function faultTold(words: string, errorBody: ErrorBody, key: string): Told | undefined {
  return words in FAULTS ? TOLD[words as Fault](errorBody, key) : undefined;
}

function status(code: number, message: string, headers: Readonly<Record<string, string>> = {}) {
  return (errorBody: ErrorBody): Told => ({ status: code, headers, json: errorBody(code, message) });
}

const TOLD: Readonly<Record<Fault, (errorBody: ErrorBody, key: string) => Told>> = {
  "rate limited": status(429, "Rate limit reached", { "retry-after": "2" }),
  "rate limited until a date": status(429, "Rate limit reached", {
    "retry-after": new Date(WALL_MS + 5000).toUTCString(),
  }),
  overloaded: status(529, "Overloaded"),
  "server error": status(500, "The server had an error"),
  reset: () => ({ fault: "reset" }),
  truncated: () => ({ fault: "truncate", text: '{"id":"1","choices":[{"mess' }),
  "truncated json": () => ({ text: '{"id":"1","choices":[{"mess' }),
  "another shape": () => ({ json: ["no", "answer"] }),
  html: () => ({ headers: { "content-type": "text/html" }, text: "<html><body>504</body></html>" }),
  huge: () => ({ json: { padding: "x".repeat(9 * 1024 * 1024) } }),
  stalled: () => ({ fault: "hang" }),
  "key refused": (errorBody, key) => ({ status: 401, json: errorBody(401, `Incorrect API key provided: ${key}`) }),
  "model unknown": status(404, "The model does not exist"),
  "nothing here": () => ({ status: 404, headers: { "content-type": "text/html" }, text: "<h1>Not Found</h1>" }),
  moved: () => ({ status: 302, headers: { location: "http://127.0.0.1:9/" }, text: "" }),
  "no credit": () => ({ status: 402, json: {} }),
  "request refused": status(400, "Your request was rejected by the safety system"),
  "key quoted": (errorBody, key) => ({
    status: 400,
    json: errorBody(400, `\u001b[31mBearer ${key}\u0007 ${key} ${"x".repeat(5000)}`),
  }),
};
