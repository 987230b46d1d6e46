import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { sha256Hex } from "../kernel/canonical-json.ts";
import { type Codebook, codebookSchema } from "../model/codebook.ts";
import { DashpotError } from "../model/error.ts";
import { type JudgePrompt, parseJudgePrompt } from "../profile/code/judge-prompt.ts";
import { type LikelihoodFit, likelihoodFitSchema } from "../profile/code/likelihood-coder.ts";
import { type LikelihoodSet, parseLikelihoodSet } from "../profile/code/likelihood-set.ts";
import { instrumentsPath } from "./bank-files.ts";

/** The codebook for texts. Errors: `bank-missing`. */
export function ourCodebook(): Codebook {
  return codebookSchema.parse(parse(readOurs("codebook.yaml").text));
}

/** What judges are asked, and the SHA-256 of everything it is made of. Errors: `bank-missing`, `judge-prompt-malformed`. */
export function ourJudge(): { readonly prompt: JudgePrompt; readonly codebook: Codebook; readonly hash: string } {
  const { text, path } = readOurs("judge.yaml");
  return {
    prompt: parseJudgePrompt(text, path),
    codebook: ourCodebook(),
    hash: sha256Hex(`${text}\0${readOurs("codebook.yaml").text}`),
  };
}

/**
 * The descriptions of the likelihood coder, their SHA-256, and what was fitted for our model. Errors: `bank-missing`,
 * `likelihood-malformed`, `likelihood-unfitted` where the descriptions changed since.
 */
export function ourLikelihood(): {
  readonly set: LikelihoodSet;
  readonly hash: string;
  readonly fit: LikelihoodFit;
} {
  const { set, hash } = ourDescriptions();
  const { text, path } = readOurs("likelihood-fit.json");
  const fit = likelihoodFitSchema.parse(JSON.parse(text));
  if (fit.descriptions === hash) return { set, hash, fit };
  throw new DashpotError(
    "likelihood-unfitted",
    `expected the descriptions that were fitted, ${fit.descriptions.slice(0, 12)}, received ${hash.slice(0, 12)}, at ${path}`,
    "fit them anew: npm run verify -- coding-likelihood",
  );
}

/** The same without the fit, for what fits it. */
export function ourDescriptions(): { readonly set: LikelihoodSet; readonly hash: string } {
  const { text, path } = readOurs("likelihood.yaml");
  return { set: parseLikelihoodSet(text, path), hash: sha256Hex(text) };
}

function readOurs(name: string): { readonly text: string; readonly path: string } {
  const path = join(instrumentsPath(), "coding", name);
  return { text: readFileSync(path, "utf8"), path };
}
