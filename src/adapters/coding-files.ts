import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { sha256Hex } from "../kernel/canonical-json.ts";
import { type Codebook, codebookSchema } from "../model/codebook.ts";
import { type JudgePrompt, parseJudgePrompt } from "../profile/code/judge-prompt.ts";
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

function readOurs(name: string): { readonly text: string; readonly path: string } {
  const path = join(instrumentsPath(), "coding", name);
  return { text: readFileSync(path, "utf8"), path };
}
