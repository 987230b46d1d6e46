import { errors, Pool } from "undici";
import { CallError } from "../../model/call-error.ts";
import type { Clock } from "../clock.ts";
import {
  addressWrong,
  type Endpoint,
  errorInside,
  type HttpAnswer,
  httpFailure,
  malformedAnswer,
} from "./http-failure.ts";

const MOST_CONNECTIONS = 256;
const LARGEST_BODY_BYTES = 8 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 120_000;

export interface TransportOptions extends Endpoint {
  readonly baseUrl: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Pick<Clock, "wall">;
  readonly timeoutMs?: number | undefined;
}

export interface Exchange {
  readonly method: "GET" | "POST";
  /** Path under the origin, with the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** JSON over HTTP to one origin with kept connections; whatever goes wrong is a {@link CallError}. */
export class HttpTransport {
  readonly #pool: Pool;
  readonly #options: TransportOptions;
  readonly #timeoutMs: number;
  readonly #basePath: string;
  readonly #headers: Readonly<Record<string, string>>;
  #answered = false;
  #closed: Promise<void> | undefined;

  constructor(options: TransportOptions) {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#options = options;
    this.#timeoutMs = timeoutMs;
    this.#basePath = options.baseUrl.pathname.replace(/\/+$/, "");
    this.#headers = { accept: "application/json", "content-type": "application/json", ...options.headers };
    this.#pool = new Pool(options.baseUrl.origin, {
      connections: MOST_CONNECTIONS,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: Math.min(timeoutMs, 10_000) },
      maxResponseSize: LARGEST_BODY_BYTES,
    });
  }

  /** The answer to `value` at `path` under the base address. */
  async post(path: string, value: unknown, signal: AbortSignal): Promise<unknown> {
    const body = JSON.stringify(value);
    return this.#json(await this.exchange({ method: "POST", path: this.#basePath + path, body, signal }));
  }

  async get(path: string, signal: AbortSignal): Promise<unknown> {
    return this.#json(await this.exchange({ method: "GET", path: this.#basePath + path, signal }));
  }

  /** The answer to `value` at a path of the origin, for what servers offer beside their base address. */
  async postToOrigin(path: string, value: unknown, signal: AbortSignal): Promise<unknown> {
    return this.#json(await this.exchange({ method: "POST", path, body: JSON.stringify(value), signal }));
  }

  /** One request and its answer of status 2xx and JSON type, unparsed. */
  async exchange({ method, path, headers, body, signal }: Exchange): Promise<HttpAnswer> {
    if (signal.aborted) throw signal.reason;
    const answer = await this.#send(
      method,
      path,
      headers ? { ...this.#headers, ...headers } : this.#headers,
      body,
      signal,
    );
    if (answer.status < 200 || answer.status > 299)
      throw httpFailure(answer, this.#options, this.#options.clock.wall());
    if (!isJson(answer.headers["content-type"])) throw this.#notJson(answer);
    this.#answered = true;
    return answer;
  }

  /** Ends all connections; what is in flight fails. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#pool.destroy().then(() => undefined);
    return this.#closed;
  }

  async #send(
    method: "GET" | "POST",
    path: string,
    headers: Exchange["headers"],
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    try {
      const answer = await this.#pool.request({ method, path, headers: headers ?? {}, body: body ?? null, signal });
      return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw this.#networkFailure(error);
    }
  }

  /** A page may be a wrong address or the excuses of something in between, which pass. */
  #notJson({ headers }: HttpAnswer): CallError {
    const { address } = this.#options;
    const page = /^text\/html\b/i.test(String(headers["content-type"] ?? ""));
    if (page) {
      const fix = "correct --base-url, or run the command again when the endpoint is well";
      return new CallError("later", "page-received", `expected a model server at ${address}, received a web page`, {
        fix,
      });
    }
    return malformedAnswer("another content type than JSON", this.#options);
  }

  #json({ text }: HttpAnswer): unknown {
    const value = parsed(text);
    if (value === undefined) throw malformedAnswer("no JSON", this.#options);
    const failure = errorInside(value, this.#options, this.#options.clock.wall());
    if (failure) throw failure;
    return value;
  }

  #networkFailure(error: unknown): CallError {
    const { address } = this.#options;
    const code = codeOf(error);
    if (!this.#answered && UNREACHABLE.has(code)) {
      return addressWrong(`expected a model server at ${address}, received ${code}`);
    }
    if (error instanceof errors.ResponseExceededMaxSizeError) return malformedAnswer("more than 8 MiB", this.#options);
    const isTimeout = TIMEOUTS.has(code);
    return new CallError(
      "later",
      isTimeout ? "timeout" : "network",
      `expected an answer from ${address}, received ${isTimeout ? `none within ${this.#timeoutMs / 1000} s` : code}`,
      isTimeout ? { fix: "allow more with --timeout SECONDS, or ask less at once with --parallel" } : {},
    );
  }
}

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ERR_SSL_WRONG_VERSION_NUMBER",
]);
const TIMEOUTS = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);

/** The code of an error of the network, looked for in its causes too; never its text, which may hold what was sent. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "no connection";
  if (error instanceof AggregateError && error.errors.length > 0 && !("code" in error)) return codeOf(error.errors[0]);
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause ? codeOf(error.cause) : error.name;
}

function isJson(contentType: string | string[] | undefined): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(String(contentType ?? "").trim());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
