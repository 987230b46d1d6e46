import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { sha256Hex } from "../../kernel/canonical-json.ts";
import { DashpotError } from "../../model/error.ts";
import type { LanguageModel } from "../../model/language-model.ts";
import {
  POLICIES,
  type PolicyModel,
  policyFileSchema,
  policyModel,
  policyNamed,
  policyOfFile,
  USUAL_SPREAD,
} from "../../profile/policy.ts";
import { CONSTRAINED } from "../../profile/stress/stress-policy.ts";

/** Opens `policy:NAME` or `policy:FILE` (L10), the file at `path` where it is given. Errors: `policy-unknown`, `policy-unreadable`. */
export async function openPolicyModel(spec: string, path?: string): Promise<LanguageModel> {
  const name = spec.slice("policy:".length);
  const named = policyNamed(name);
  if (named)
    return asLanguageModel(
      spec,
      name,
      policyModel([{ policy: named, weight: 1 }], USUAL_SPREAD, seedOf(CONSTRAINED[name] ?? name)),
    );
  const bytes = await readFile(path ?? name).catch((cause: unknown) => {
    const names = POLICIES.map((one) => one.name).join(", ");
    throw new DashpotError(
      "policy-unknown",
      `expected a policy or a readable file, received ${name}`,
      `take one of ${names}, or a YAML file`,
      { cause },
    );
  });
  const file = policyFileSchema.safeParse(parsed(bytes.toString("utf8"), name));
  if (!file.success) {
    const first = file.error.issues[0];
    const field = first?.path.join(".") || "the file";
    throw new DashpotError(
      "policy-unreadable",
      `expected a policy file, received ${first?.message ?? "none"}, in ${name} at ${field}`,
      `correct ${field}`,
    );
  }
  return { ...asLanguageModel(spec, file.data.name, policyOfFile(file.data), sha256Hex(bytes)) };
}

/** Each policy draws noise of its own: two policies are two models, not one with two tendencies. */
function seedOf(name: string): number {
  return Number.parseInt(sha256Hex(name).slice(0, 7), 16);
}

function parsed(text: string, name: string): unknown {
  try {
    return parse(text, { logLevel: "error" });
  } catch (cause) {
    throw new DashpotError(
      "policy-unreadable",
      `expected YAML, received something else, in ${name}`,
      "correct the file",
      { cause },
    );
  }
}

function asLanguageModel(spec: string, name: string, model: PolicyModel, sha256?: string): LanguageModel {
  return {
    identity: { spec, provider: "policy", name, ...(sha256 ? { sha256 } : {}) },
    capabilities: { score: true, chat: true, letterLogProbabilities: true, lacks: {} },
    score: async (request) => model.score(request),
    chat: async (request) => model.chat(request),
    close: async () => {},
  };
}
