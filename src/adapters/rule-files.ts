import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isInLanguage } from "../profile/code/language-of.ts";
import { ruleCoder, type TextCoder } from "../profile/code/rule-coder.ts";
import { parseRuleSet, type RuleSet } from "../profile/code/rule-set.ts";
import { instrumentsPath } from "./bank-files.ts";

let read: RuleSet | null = null;

/** The published rules of the `rules` coder, read once. Errors: `bank-missing`, `rules-malformed`. */
export function ourRules(): RuleSet {
  const path = join(instrumentsPath(), "coding", "rules.yaml");
  read ??= parseRuleSet(readFileSync(path, "utf8"), path);
  return read;
}

let coder: TextCoder | null = null;

/** The coder that goes by them, made once. */
export function ourRuleCoder(): TextCoder {
  coder ??= ruleCoder(ourRules(), (text, words) => isInLanguage(text, words, "en"));
  return coder;
}
