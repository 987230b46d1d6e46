/**
 * Why a model call gave no answer, as every adapter reports it and the run engine acts on it.
 *
 * `later`: worth another try after `retryAfterMs` or a backoff (rate limit, 5xx, reset, stall, malformed body).
 * `call`: final for this call, which is journalled as a failure and counted as missing (the server refused this request).
 * `run`: final for the run (absent or refused key, unknown model, wrong address); `fix` tells the user what to do.
 */
export class CallError extends Error {
  readonly scope: "later" | "call" | "run";
  /** Kebab-case: `rate-limited`, `server-error`, `network`, `timeout`, `malformed-answer`, `page-received`, `key-refused`, `key-missing`, `model-unknown`, `address-wrong`, `request-refused`, `score-misaligned`, `score-unsupported`. */
  readonly code: string;
  readonly fix: string;
  readonly retryAfterMs: number | undefined;

  constructor(
    scope: CallError["scope"],
    code: string,
    message: string,
    options: { fix?: string; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CallError";
    this.scope = scope;
    this.code = code;
    this.fix = options.fix ?? "try again; if it stays so, report it with this message";
    this.retryAfterMs = options.retryAfterMs;
  }
}
