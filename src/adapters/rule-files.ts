import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "../kernel/canonical-json.ts";
import { isInLanguage } from "../profile/code/language-of.ts";
import { ruleCoder, type TextCoder } from "../profile/code/rule-coder.ts";
import { parseRuleSet, type RuleSet } from "../profile/code/rule-set.ts";
import { instrumentsPath } from "./bank-files.ts";

let read: { readonly rules: RuleSet; readonly hash: string } | null = null;

/** The published rules of the `rules` coder, read once. Errors: `bank-missing`, `rules-malformed`. */
export function ourRules(): RuleSet {
  return rulesRead().rules;
}

/** SHA-256 of their file. */
export function ourRulesHash(): string {
  return rulesRead().hash;
}

function rulesRead(): NonNullable<typeof read> {
  if (read === null) {
    const path = join(instrumentsPath(), "coding", "rules.yaml");
    const text = readFileSync(path, "utf8");
    read = { rules: parseRuleSet(text, path), hash: sha256Hex(text) };
  }
  return read;
}

let coder: TextCoder | null = null;

/** The coder that goes by them, made once. */
export function ourRuleCoder(): TextCoder {
  coder ??= ruleCoder(ourRules(), (text, words) => isInLanguage(text, words, "en"));
  return coder;
}
