import { z } from "zod";
import { SCRIPTS } from "../../model/bank.ts";
import { LABELS, RANKS } from "../../model/label.ts";
import { parseYaml } from "./parse-yaml.ts";

const template = z.string().trim().min(1);
const triple = z.tuple([template, template, template]);
const slots = z.record(z.string().regex(/^[a-z]+$/), z.array(z.string().min(1)).min(2));

const surfaceSituationSchema = z.strictObject({
  id: template,
  rank: z.enum(RANKS),
  /** Whether the replies are said or done; one for a whole situation. */
  form: z.enum(["utterance", "act"]),
  slots,
  self: template,
  other: template,
  setting: template,
  question: template,
  cues: z.strictObject({ none: template, CS: template, AR: template, EM: template, MP: template }),
  decoys: z.strictObject({ CS: template, AR: template, EM: template, MP: template }).optional(),
  validation: z.strictObject({ asocial: template, null: template }).optional(),
  replies: z.strictObject(
    Object.fromEntries(LABELS.map((label) => [label, triple])) as Record<(typeof LABELS)[number], typeof triple>,
  ),
});
export type SurfaceSituation = z.infer<typeof surfaceSituationSchema>;

const domainSchema = z.strictObject({ domain: template, situations: z.array(surfaceSituationSchema).min(1) });

const surfaceDyadSchema = z.strictObject({
  id: template,
  domain: template,
  rank: z.enum(RANKS),
  slots: slots.default({}),
  self: template,
  other: template,
  setting: template,
  script: z.enum(SCRIPTS),
  objects: z.array(template).min(2).max(4),
  moves: z.int(),
});
export type SurfaceDyad = z.infer<typeof surfaceDyadSchema>;

/**
 * The templates a bank is written from. A text holds `{slot}`, one of the situation's slots, and `{quick|rapid}`, a
 * choice that stands in this text only; the first alternative of each is the base rendering.
 */
export interface Surfaces {
  /** Bytes of the base bank's `bank.yaml`. */
  readonly header: Uint8Array;
  readonly domains: readonly { readonly domain: string; readonly situations: readonly SurfaceSituation[] }[];
  readonly dyads: readonly SurfaceDyad[];
}

/** One domain's templates. Errors: `surfaces-malformed`. */
export function parseSurfaceDomain(text: string, file: string): z.infer<typeof domainSchema> {
  return parsed(text, file, domainSchema);
}

/** The dyads' templates. Errors: `surfaces-malformed`. */
export function parseSurfaceDyads(text: string, file: string): readonly SurfaceDyad[] {
  return parsed(text, file, z.strictObject({ dyads: z.array(surfaceDyadSchema) })).dyads;
}

function parsed<T>(text: string, file: string, schema: z.ZodType<T>): T {
  const fault = { code: "surfaces-malformed", expected: "templates of a bank", fix: "correct that file" };
  return parseYaml(text, file, schema, fault);
}
