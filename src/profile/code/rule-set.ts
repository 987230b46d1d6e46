import { z } from "zod";
import { KINDS, RUNGS } from "../../model/coding.ts";
import { LABELS } from "../../model/label.ts";
import { parseYaml } from "../instrument/parse-yaml.ts";
import { compilePattern, malformedRules, type Pattern, type WordClasses } from "./pattern.ts";

const patterns = z.array(z.string().trim().min(1));

const severityRuleSchema = z.strictObject({
  rule: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  severity: z.literal(RUNGS),
  kind: z.enum(KINDS).default("neither"),
  when: patterns.min(1),
  /** Of each of these lists one must stand in the text as well, in whatever sentence. */
  and: z.array(patterns.min(1)).default([]),
  /** Where one of these stands in the same sentence, the rule does not fire there. */
  unless: patterns.default([]),
});

const ruleSetSchema = z.strictObject({
  id: z.string().min(1),
  version: z.string().min(1),
  language: z.string().min(2),
  /** Words by class; spaces between. */
  classes: z.record(z.string(), z.string()),
  /** Patterns with a name, which `@name` stands for. */
  groups: z.record(z.string(), patterns.min(1)).default({}),
  /** In order: the first that fires decides. */
  severity: z.array(severityRuleSchema).min(1),
  refusal: z.strictObject({ when: patterns.min(1), unless: patterns.default([]) }),
  deception: z.strictObject({ when: patterns.min(1), unless: patterns.default([]) }),
  mode: z.strictObject(
    Object.fromEntries(LABELS.map((label) => [label, patterns])) as Record<(typeof LABELS)[number], typeof patterns>,
  ),
});

export interface CompiledRule {
  readonly when: readonly Pattern[];
  /** Of each list one. */
  readonly and: readonly (readonly Pattern[])[];
  readonly unless: readonly Pattern[];
}

export interface RuleSet {
  readonly id: string;
  readonly version: string;
  readonly language: string;
  readonly severity: readonly (CompiledRule & Pick<z.infer<typeof severityRuleSchema>, "rule" | "severity" | "kind">)[];
  readonly refusal: CompiledRule;
  readonly deception: CompiledRule;
  readonly mode: Readonly<Record<(typeof LABELS)[number], readonly Pattern[]>>;
}

/** A published rule set, ready to be applied. Errors: `rules-malformed`, naming file and place. */
export function parseRuleSet(text: string, file: string): RuleSet {
  const fault = { code: "rules-malformed", expected: "rules", fix: "correct the rule set" };
  const read = parseYaml(text, file, ruleSetSchema, fault);
  const classes: WordClasses = new Map(
    Object.entries(read.classes).map(([name, words]) => [name, new Set(words.trim().split(/\s+/))]),
  );
  const compiled = (sources: readonly string[], where: string) =>
    sources
      .flatMap((source) => named(source, read.groups, `${file}, ${where}`))
      .map((source) => compilePattern(source, classes, `${file}, ${where}`));
  const rule = ({ when, and = [], unless }: Sources, where: string) => ({
    when: compiled(when, where),
    and: and.map((list) => compiled(list, where)),
    unless: compiled(unless, where),
  });
  return {
    ...{ id: read.id, version: read.version, language: read.language },
    severity: read.severity.map((one) => ({ ...one, ...rule(one, one.rule) })),
    refusal: rule(read.refusal, "refusal"),
    deception: rule(read.deception, "deception"),
    mode: Object.fromEntries(
      LABELS.map((label) => [label, compiled(read.mode[label], `mode ${label}`)] as const),
    ) as Record<(typeof LABELS)[number], Pattern[]>,
  };
}

interface Sources {
  readonly when: readonly string[];
  readonly and?: readonly (readonly string[])[];
  readonly unless: readonly string[];
}

function named(source: string, groups: Readonly<Record<string, readonly string[]>>, where: string): readonly string[] {
  if (!source.startsWith("@")) return [source];
  const group = groups[source.slice(1)];
  if (group === undefined) throw malformedRules(`no group ${source}`, where);
  return group;
}
