import { z } from "zod";
import { type Dimension, RUNGS } from "../../model/coding.ts";
import { LABELS } from "../../model/label.ts";
import { parseYaml } from "../instrument/parse-yaml.ts";

const described = z.strictObject({
  means: z.string().min(1),
  wordings: z.array(z.array(z.string().min(1)).min(1)).min(1),
});

function values<N extends string>(names: readonly N[]) {
  return z.strictObject(Object.fromEntries(names.map((name) => [name, described])) as Record<N, typeof described>);
}

const setSchema = z.strictObject({
  id: z.string().min(1),
  version: z.string().min(1),
  language: z.literal("en"),
  licence: z.string().min(1),
  ask: z.string().includes("{means}").includes("{examples}"),
  neutral: z.string().min(1),
  dimensions: z.strictObject({
    mode: values(LABELS),
    severity: values(RUNGS.map(String)),
    refusal: values(["yes", "no"]),
    deception: values(["yes", "no"]),
  }),
});

/** Descriptions of every value of every dimension, in several wordings. */
export type LikelihoodSet = z.infer<typeof setSchema>;

/** Dimensions that have descriptions of their own; the kind follows from the rungs. */
export const DESCRIBED = ["mode", "severity", "refusal", "deception"] as const;
export type Described = (typeof DESCRIBED)[number];

/** Errors: `likelihood-malformed`, naming file and place. */
export function parseLikelihoodSet(text: string, file: string): LikelihoodSet {
  const fault = { code: "likelihood-malformed", expected: "descriptions", fix: "correct them" };
  return parseYaml(text, file, setSchema, fault);
}

/** One prompt after which texts are scored. */
export interface Description {
  /** `neutral`, or dimension, value and wording: `mode/CS/0`. */
  readonly key: string;
  readonly prompt: string;
}

/** The values of a dimension, in order. */
export function valuesOf(dimension: Described): readonly string[] {
  if (dimension === "mode") return LABELS;
  return dimension === "severity" ? RUNGS.map(String) : ["yes", "no"];
}

/** Dimensions that must be scored so that these can be coded. */
export function describedOf(dimensions: readonly Dimension[]): Described[] {
  const wanted = new Set<Dimension>(dimensions.map((dimension) => (dimension === "kind" ? "severity" : dimension)));
  return DESCRIBED.filter((dimension) => wanted.has(dimension));
}

/** Every prompt that codes in these dimensions go by, the neutral one first. */
export function descriptionsOf(set: LikelihoodSet, dimensions: readonly Dimension[]): Description[] {
  const prompts = describedOf(dimensions).flatMap((dimension) =>
    valuesOf(dimension).flatMap((value) => {
      const { means, wordings } = describedAs(set, dimension, value);
      return wordings.map((examples, place) => ({
        key: `${dimension}/${value}/${place}`,
        prompt: set.ask.replace("{means}", () => means).replace("{examples}", () => examples.join("\n")),
      }));
    }),
  );
  return [{ key: "neutral", prompt: set.neutral }, ...prompts];
}

export function describedAs(set: LikelihoodSet, dimension: Described, value: string): z.infer<typeof described> {
  return (set.dimensions[dimension] as Readonly<Record<string, z.infer<typeof described>>>)[value] as z.infer<
    typeof described
  >;
}
