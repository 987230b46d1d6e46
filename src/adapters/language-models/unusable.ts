import { CallError } from "../../model/call-error.ts";
import { DashpotError } from "../../model/error.ts";

/**
 * What a failure of the probe means for the user, for whom no run has begun: a coded error with its fix. Whatever is no
 * {@link CallError}, such as a signal's reason, stays itself.
 */
export function unusable(error: unknown): unknown {
  if (!(error instanceof CallError)) return error;
  if (error.scope === "run") return new DashpotError(error.code, error.message, error.fix, { cause: error });
  if (error.scope === "call") {
    return new DashpotError(error.code, error.message, "correct the model's name or --base-url, or take a chat model", {
      cause: error,
    });
  }
  const fix = TELLING.has(error.code) ? error.fix : "run the command again when the endpoint is well";
  return new DashpotError("endpoint-unavailable", error.message, fix, { cause: error });
}

/** Of failures that may pass, those whose own fix says more than to wait. */
const TELLING: ReadonlySet<string> = new Set(["timeout", "page-received"]);
