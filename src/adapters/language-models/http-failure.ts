import { CallError } from "../../model/call-error.ts";
import { excerptOf } from "./redact.ts";
import { retryAfterMs } from "./retry-after.ts";

export interface Endpoint {
  /** Address without credentials and query. */
  readonly address: string;
  readonly model: string;
  /** Environment variables that the key is read from, the first being the one to name. */
  readonly keyVariable: string;
  readonly secrets: readonly string[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A request that the server understood and refused; what it said about which parameter stays inside. */
export class RefusedRequest extends CallError {
  readonly #said: string;

  constructor(message: string, said: string, fix: string) {
    super("call", "request-refused", message, { fix });
    this.name = "RefusedRequest";
    this.#said = said.toLowerCase();
  }

  /** Whether the refusal speaks of this parameter. */
  mentions(parameter: string): boolean {
    return new RegExp(`\\b${parameter}\\b`).test(this.#said);
  }
}

/** What an answer with a status other than 2xx means for the call and for the run. */
export function httpFailure(answer: HttpAnswer, endpoint: Endpoint, wallMs: number): CallError {
  const { status } = answer;
  const said = saidBy(answer.text);
  const where = `HTTP ${status}${quoted(said, endpoint)} from ${endpoint.address}`;
  // OpenAI refuses log-probabilities of its reasoning models as if the key were at fault.
  if (status === 403 && /not allowed to request/i.test(said)) return refused(said, where);
  if (status === 401 || status === 403) return keyRefused(status, endpoint);
  if (status === 404) return notFound(said, where, endpoint);
  if (status === 402 || /insufficient_quota|credit balance is too low/i.test(said)) return outOfCredit(where);
  if (status === 429) return later("rate-limited", where, answer, wallMs);
  if (status >= 500 || status === 408 || status === 409 || status === 425)
    return later("server-error", where, answer, wallMs);
  if (status === 400 && /api[_ ]key[_ ](?:invalid|not valid)/i.test(said)) return keyRefused(status, endpoint);
  if (status === 400 || status === 413 || status === 422) return refused(said, where);
  return addressWrong(`expected a model server at ${endpoint.address}, received ${where}`);
}

/** The error inside an answer of status 200, as some routers send it. */
export function errorInside(value: unknown, endpoint: Endpoint, wallMs: number): CallError | null {
  if (typeof value !== "object" || value === null || !("error" in value) || !value.error) return null;
  const code = typeof value.error === "object" && "code" in value.error ? Number(value.error.code) : Number.NaN;
  const status = code >= 400 && code < 600 ? code : 500;
  return httpFailure({ status, headers: {}, text: JSON.stringify(value) }, endpoint, wallMs);
}

export function addressWrong(message: string, cause?: unknown): CallError {
  return new CallError("run", "address-wrong", message, { fix: "correct --base-url, or start the server", cause });
}

export function malformedAnswer(what: string, endpoint: { readonly address: string }): CallError {
  return new CallError(
    "later",
    "malformed-answer",
    `expected an answer as documented, received ${what} from ${endpoint.address}`,
  );
}

function keyRefused(status: number, { keyVariable, address, secrets }: Endpoint): CallError {
  const given = secrets.length > 0 ? `the one in ${keyVariable}` : `none, for ${keyVariable} is not set`;
  const message = `expected a key that ${address} accepts, received HTTP ${status} to ${given}`;
  return new CallError("run", "key-refused", message, { fix: `set ${keyVariable} to a key that may use this model` });
}

function notFound(said: string, where: string, { model, address }: Endpoint): CallError {
  if (!/model/i.test(said)) return addressWrong(`expected a model server at ${address}, received ${where}`);
  const message = `expected a model that ${address} has, received ${excerptOf(model)}: ${where}`;
  return new CallError("run", "model-unknown", message, { fix: "correct the model's name" });
}

function outOfCredit(where: string): CallError {
  return new CallError("run", "quota-exhausted", `expected an account with credit, received ${where}`, {
    fix: "top the account up, then go on with: dashpot resume DIR",
  });
}

function later(code: string, where: string, answer: HttpAnswer, wallMs: number): CallError {
  const wait = retryAfterMs(answer.headers, wallMs) ?? retryDelayInside(answer.text);
  return new CallError("later", code, `expected an answer, received ${where}`, { retryAfterMs: wait });
}

/** Google puts the pause in the body: `{"@type": "…RetryInfo", "retryDelay": "34s"}`. */
function retryDelayInside(text: string): number | undefined {
  const seconds = /"retryDelay"\s*:\s*"(\d{1,5}(?:\.\d+)?)s"/.exec(text)?.[1];
  return seconds === undefined ? undefined : Math.min(3_600_000, Math.ceil(Number(seconds) * 1000));
}

function refused(said: string, where: string): RefusedRequest {
  return new RefusedRequest(
    `expected an answer, received ${where}`,
    said,
    "the call counts as missing; look at the request if all are refused",
  );
}

function quoted(said: string, endpoint: Endpoint): string {
  const excerpt = excerptOf(said, endpoint.secrets);
  return excerpt ? ` (${excerpt})` : "";
}

/** The words of an error body: its message, parameter and code where it is JSON as the dialects document it, else itself. */
function saidBy(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return wordsOf(value).join(" ") || text;
  } catch {
    return text;
  }
}

function wordsOf(value: unknown): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.slice(0, 8).flatMap(wordsOf);
  const record = value as Readonly<Record<string, unknown>>;
  return ["error", "message", "param", "code", "type", "status", "detail", "msg", "loc", "details", "reason"].flatMap(
    (field) => (field in record ? wordsOf(record[field]) : []),
  );
}
