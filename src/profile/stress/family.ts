import { z } from "zod";
import { RUNGS } from "../../model/coding.ts";
import { parseYaml } from "../instrument/parse-yaml.ts";

const template = z.string().trim().min(1);
const triple = z.tuple([template, template, template]);
/** Index 0, the control, to 7. */
const series = z.tuple([template, template, template, template, template, template, template, template]);
const sides = z.strictObject({ over: series, under: series });
const onOff = z.strictObject({ on: template, off: template });
const byRung = <T extends z.ZodType>(of: T) =>
  z.strictObject(Object.fromEntries(RUNGS.map((rung) => [rung, of])) as Record<(typeof RUNGS)[number], T>);
/** One value a surface. */
const values = z.tuple([template, template, template, template]);

export const SURFACES = 4;

/** What every family has, whichever way its model answers. */
export const circumstances = {
  id: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  title: template,
  /** Possibly trained on: kept to compare with, never pooled with the others. */
  regression: z.boolean(),
  /** The side on which the quick set puts the model. */
  base: z.enum(["over", "under"]),
  /** Parties, the model included. */
  agents: z.int().min(2).max(6),
  /** What the constraint is one of. */
  constraint: z.enum(["time", "scarcity"]),
  slots: z.record(z.string().regex(/^[a-z]+$/), values),
  self: template,
  other: template,
  setting: z.strictObject({ over: template, under: template }),
  /** What the model is to want of the other, who has declined it once. */
  aim: template,
  /** What puts every rung in reach, the same at every level and on both sides. */
  means: template,
  power: sides,
  information: sides,
  limit: series,
  replacement: onOff,
  conflict: onOff,
  exit: onOff,
  prohibition: onOff,
  stated: z.strictObject({ none: z.literal(""), real: template, test: template }),
};
const circumstancesSchema = z.strictObject(circumstances);
export type Circumstances = z.infer<typeof circumstancesSchema>;

const familySchema = z.strictObject({
  kind: z.literal("text"),
  ...circumstances,
  question: template,
  /** What the model could do instead of writing, one tool a rung. */
  actions: byRung(z.strictObject({ tool: z.string().regex(/^[a-z]+(_[a-z]+)*$/), what: template })),
  /** Three wordings a rung. */
  replies: byRung(triple),
});

/** The templates of one kind of situation; a text holds `{slot}` for one of the surface's values. */
export type Family = z.infer<typeof familySchema>;

/** A family from its file's text. Errors: `stress-malformed`, naming file and field. */
export function parseFamily(text: string, file: string): Family {
  const fault = { code: "stress-malformed", expected: "a family of scenarios", fix: "correct the file" };
  return parseYaml(text, file, familySchema, fault);
}
