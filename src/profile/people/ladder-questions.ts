import type { RandomStream } from "../../kernel/random.ts";
import type { DesignRow, StressPlan } from "../../model/stress-run.ts";
import type { Family } from "../stress/family.ts";
import { renderItem } from "../stress/render-item.ts";
import { type StressChatCall, stressCalls } from "../stress/stress-calls.ts";
import { makeQuestionSheet, type QuestionSheet } from "./question-sheet.ts";

/** Every call of a plan by `choice`. */
export function ladderCalls(
  plan: Pick<StressPlan, "wordings" | "seed" | "samples" | "temperature">,
  rows: readonly DesignRow[],
  families: readonly Family[],
): StressChatCall[] {
  return stressCalls({ ...plan, formats: ["choice"] }, rows, families) as StressChatCall[];
}

/** A family on one surface and side: what one person is asked. */
function lineOf({ family, surface, condition }: DesignRow): string {
  return `${family}/${surface}/${condition.side}`;
}

/** How many people it takes for every line to be asked once. */
export function countLines(rows: readonly DesignRow[]): number {
  return new Set(rows.map(lineOf)).size;
}

/**
 * One sheet a person: every scenario of one family on one surface and side, in random order, with eleven lettered replies
 * as `choice` shows them (K14). So nobody answers for two families: what families leave open holds what people do, and no
 * level of a curve has two answers of one person.
 */
export function ladderSheets(
  plan: StressPlan,
  rows: readonly DesignRow[],
  families: readonly Family[],
  people: readonly string[],
  stream: RandomStream,
): QuestionSheet[] {
  const byId = new Map(families.map((family) => [family.id, family]));
  const lines = [...Map.groupBy(ladderCalls(plan, rows, families), ({ row }) => lineOf(row)).values()];
  return people.map((person, at) => {
    const line = lines[at % lines.length] as StressChatCall[];
    const time = String(Math.floor(at / lines.length));
    const own = line.filter(({ key }) => key.endsWith(`/${time}`));
    return makeQuestionSheet(
      person,
      stream.shuffle(own).map(({ key, row, order }) => {
        const { situation, question } = renderItem(byId.get(row.family) as Family, row.surface, row.condition);
        return { about: key, text: `${situation} ${question}`, options: order.map(({ text }) => text) };
      }),
    );
  });
}
