import { parse, stringify } from "yaml";
import { type RandomStream, randomStream } from "../../kernel/random.ts";
import { type BankHeader, bankHeaderSchema, type Dyad, type Situation } from "../../model/bank.ts";
import { LABELS } from "../../model/label.ts";
import { type BankFiles, bankHash } from "./bank-hash.ts";
import { drawSlots, renderTemplate, type SlotValues } from "./render-template.ts";
import type { SurfaceDyad, SurfaceSituation, Surfaces } from "./surfaces.ts";

type Draw = (...names: readonly (string | number)[]) => RandomStream | undefined;
type Render = (field: string, template: string) => string;

/**
 * The files of a bank written from templates (I16).
 *
 * `seed` null gives the base rendering, our bank. A seed gives the same structure and ids with other names, objects,
 * amounts and words: of every slot and choice one that is not the base. Same seed, same bytes. Errors:
 * `surfaces-malformed`.
 */
export function generateBank(surfaces: Surfaces, { seed }: { readonly seed: number | null }): BankFiles {
  const draw: Draw = (...names) => (seed === null ? undefined : randomStream(seed, "surface", ...names));
  const situations = surfaces.domains.flatMap(({ domain, situations }) =>
    situations.map((situation) => renderSituation(domain, situation, draw)),
  );
  const dyads = surfaces.dyads.map((dyad) => renderDyad(dyad, draw));
  const files = {
    header: surfaces.header,
    situations: lines(situations),
    ...(dyads.length > 0 ? { dyads: lines(dyads) } : {}),
  };
  return seed === null ? files : { ...files, header: generatedHeader(surfaces, seed) };
}

function renderSituation(domain: string, surface: SurfaceSituation, draw: Draw): Situation {
  const render = renderer(surface, draw);
  const { decoys, validation, cues, replies } = surface;
  return {
    id: surface.id,
    domain,
    rank: surface.rank,
    self: surface.self,
    other: surface.other,
    setting: render("setting", surface.setting),
    cues: rendered("cues", cues, render),
    ...(decoys ? { decoys: rendered("decoys", decoys, render) } : {}),
    ...(validation ? { validation: rendered("validation", validation, render) } : {}),
    question: render("question", surface.question),
    replies: Object.fromEntries(
      LABELS.map((label) => [label, replies[label].map((text, index) => render(`replies.${label}.${index}`, text))]),
    ) as Situation["replies"],
  };
}

function renderDyad(surface: SurfaceDyad, draw: Draw): Dyad {
  const { slots: _, ...dyad } = surface;
  const render = renderer(surface, draw);
  return {
    ...dyad,
    setting: render("setting", surface.setting),
    objects: surface.objects.map((object, index) => uncapitalised(object, render(`objects.${index}`, object))),
  };
}

function renderer(surface: SurfaceSituation | SurfaceDyad, draw: Draw): Render {
  const streams =
    draw(surface.id) === undefined ? undefined : (slot: string) => draw(surface.id, "slot", slot) as RandomStream;
  const values: SlotValues = drawSlots(surface.slots, streams);
  return (field, template) => renderTemplate(template, values, draw(surface.id, "choice", field));
}

function rendered<T extends Readonly<Record<string, string>>>(name: string, texts: T, render: Render): T {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, render(`${name}.${key}`, text)])) as T;
}

/** An object's name is no sentence: what its template began with stays small. */
function uncapitalised(template: string, text: string): string {
  return /^\p{Lu}/u.test(template) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

function generatedHeader(surfaces: Surfaces, seed: number): Uint8Array {
  const base: BankHeader = bankHeaderSchema.parse(parse(new TextDecoder().decode(surfaces.header)));
  const header: BankHeader = {
    ...base,
    id: `${base.id}-${seed}`,
    title: `${base.title} (other surface, seed ${seed})`,
    parent: { id: base.id, hash: bankHash(generateBank(surfaces, { seed: null })), seed },
  };
  return new TextEncoder().encode(stringify(header, { lineWidth: 0 }));
}

function lines(records: readonly object[]): Uint8Array {
  return new TextEncoder().encode(records.map((record) => `${JSON.stringify(record)}\n`).join(""));
}
