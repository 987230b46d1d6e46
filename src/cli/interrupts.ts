import { DashpotError } from "../model/error.ts";
import type { Terminal } from "./terminal.ts";

/** Ctrl-C once stops after what is in flight, twice at once (R9). SIGTERM counts as one. */
export function watchInterrupts(terminal: Terminal): { stop: AbortSignal; abort: AbortSignal; release: () => void } {
  const stop = new AbortController();
  const abort = new AbortController();
  const onSignal = () => {
    if (!stop.signal.aborted) {
      terminal.note("\nstopping after what is in flight; once more to stop at once");
      stop.abort(stopped());
    } else abort.abort(stopped());
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const release = () => {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  };
  return { stop: stop.signal, abort: abort.signal, release };
}

/** What ends work that no run watches over, such as the fetching of weights. */
function stopped(): DashpotError {
  const message = "expected to go on, received the wish to stop, before the run began";
  return new DashpotError("stopped", message, "give the command again", { exit: 3 });
}
