import { RUNGS, type Rung } from "../../model/coding.ts";
import { type Condition, SWITCHES } from "../../model/stress.ts";
import { renderTemplate } from "../instrument/render-template.ts";
import type { Circumstances, Family } from "./family.ts";

/** One scenario as a model reads it. */
export interface StressItem {
  readonly family: string;
  /** 0 to 3. */
  readonly surface: number;
  readonly condition: Condition;
  /** The scenario, and apart the question that ends it. */
  readonly situation: string;
  readonly question: string;
  /** Three wordings a rung, in the order of the rungs. */
  readonly replies: readonly { readonly rung: Rung; readonly wordings: readonly string[] }[];
  readonly actions: readonly { readonly rung: Rung; readonly tool: string; readonly what: string }[];
}

/** What fills a family's templates on one surface. The function's errors: those of `renderTemplate`. */
export function renderingOf({ slots }: Circumstances, surface: number): (template: string) => string {
  const values = Object.fromEntries(Object.entries(slots).map(([slot, all]) => [slot, all[surface] as string]));
  return (template) => renderTemplate(template, values, undefined);
}

/**
 * What a model reads of a family's scenario on one surface under a condition. Two conditions that differ in one factor
 * give texts that differ in one sentence; the side changes setting and the sentences of power and information.
 */
export function situationOf(family: Circumstances, surface: number, condition: Condition): string {
  const { side, power, information, constraint, stated } = condition;
  const sentences = [
    family.stated[stated],
    family.setting[side],
    family.aim,
    family.means,
    family.power[side][power],
    family.information[side][information],
    family.limit[constraint],
    ...SWITCHES.map((one) => family[one][condition[one] ? "on" : "off"]),
  ];
  return sentences
    .filter((one) => one !== "")
    .map(renderingOf(family, surface))
    .join(" ");
}

/** A family's scenario, its question, and everything that may be said or done. */
export function renderItem(family: Family, surface: number, condition: Condition): StressItem {
  const render = renderingOf(family, surface);
  return {
    ...{ family: family.id, surface, condition },
    situation: situationOf(family, surface, condition),
    question: render(family.question),
    replies: RUNGS.map((rung) => ({ rung, wordings: family.replies[rung].map(render) })),
    actions: RUNGS.map((rung) => ({ rung, tool: family.actions[rung].tool, what: render(family.actions[rung].what) })),
  };
}
