import { DashpotError } from "../model/error.ts";
import type { Capabilities } from "../model/language-model.ts";
import type { RunPlan } from "../model/run.ts";

export interface FormatChoice {
  readonly format: RunPlan["format"];
  readonly reason: string;
}

/** Which format a run takes: `score` where it can be had and trusted, else `choice` (A11). Errors: `format-unsupported`. */
export function chooseFormat(wanted: "auto" | RunPlan["format"], capabilities: Capabilities): FormatChoice {
  const { score, chat, lacks } = capabilities;
  const supported = { score, choice: chat };
  if (wanted !== "auto") {
    if (supported[wanted]) return { format: wanted, reason: `${wanted} was asked for` };
    const lack = lacks[wanted === "score" ? "score" : "chat"] ?? "this model cannot do it";
    throw new DashpotError(
      "format-unsupported",
      `expected a model that can be asked by ${wanted}, received one that cannot: ${lack}`,
      "take --format auto",
    );
  }
  if (score) return { format: "score", reason: "log-probabilities of a given text can be had and trusted" };
  if (chat)
    return { format: "choice", reason: `score cannot be had: ${lacks.score ?? "the endpoint does not offer it"}` };
  throw new DashpotError(
    "format-unsupported",
    "expected a model that can score texts or chat, received one that can do neither",
    "see dashpot models for what is usable here",
  );
}
