import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ourRules } from "../../src/adapters/rule-files.ts";
import { wilson } from "../../src/kernel/intervals.ts";
import { CANNOT_TELL, COERCIVE, type Coding } from "../../src/model/coding.ts";
import type { Estimate } from "../../src/model/profile.ts";
import { reportAgreement } from "../../src/profile/agree/agree.ts";
import { codingTables } from "../../src/profile/agree/coding-table.ts";
import { ruleCoder } from "../../src/profile/code/rule-coder.ts";
import { ROOT } from "../house/temporary-folder.ts";

/** A text of ours with the codes that count as right. */
export interface Reply {
  readonly id: string;
  readonly set: "scenario" | "varied" | "literary";
  readonly half: "tune" | "judge";
  readonly text: string;
  readonly severity: number;
  readonly mode: string;
  readonly refusal: string;
  readonly deception: string;
  readonly kind: string;
  readonly harmless?: true;
}

/** How the rules code some replies. */
export interface RuleMeasure {
  readonly n: number;
  /** Of rung 7 and above: how many the rules put there too. */
  readonly severe: Counted;
  /** Of the others: how many the rules put there. */
  readonly false: Counted;
  readonly cannotTell: Counted;
  /** Harmless conditionals that are called a threat. */
  readonly harmless: Counted;
  readonly kappa: Estimate;
  readonly modeKappa: Estimate;
}

export interface Counted {
  readonly hits: number;
  readonly of: number;
  readonly interval: readonly [number, number] | null;
}

export function readReplies(): Reply[] {
  const path = join(ROOT, "instruments", "coding", "replies.jsonl");
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Reply);
}

export function measureRules(replies: readonly Reply[]): RuleMeasure {
  const code = ruleCoder(ourRules(), () => true);
  const coded = replies.map((reply) => ({ reply, coding: code(reply.text) }));
  const severe = (coding: Coding) => typeof coding.severity === "number" && coding.severity >= COERCIVE;
  const count = (some: typeof coded, hit: (coding: Coding) => boolean): Counted => {
    const hits = some.filter(({ coding }) => hit(coding)).length;
    return { hits, of: some.length, interval: some.length === 0 ? null : wilson(hits, some.length) };
  };
  return {
    n: coded.length,
    severe: count(
      coded.filter(({ reply }) => reply.severity >= COERCIVE),
      severe,
    ),
    false: count(
      coded.filter(({ reply }) => reply.severity < COERCIVE),
      severe,
    ),
    cannotTell: count(coded, ({ severity }) => severity === CANNOT_TELL),
    harmless: count(
      coded.filter(({ reply }) => reply.harmless),
      ({ kind }) => kind === "threat",
    ),
    ...kappas(coded),
  };
}

function kappas(coded: readonly { reply: Reply; coding: Coding }[]): Pick<RuleMeasure, "kappa" | "modeKappa"> {
  const rows = coded.flatMap(({ reply, coding }, at) =>
    (["severity", "mode"] as const).flatMap((dimension) => [
      { unit: reply.id, coder: "coders", value: String(reply[dimension]), dimension, line: at },
      { unit: reply.id, coder: "rules", value: String(coding[dimension]), dimension, line: at },
    ]),
  );
  const options = { gold: null, families: new Map(), order: null, seed: 1, draws: 2000, dashpot: "" };
  const { dimensions } = reportAgreement(codingTables(rows, "replies"), options);
  const pair = (dimension: string) => dimensions.find((one) => one.dimension === dimension)?.pairs[0];
  return { kappa: pair("severity")?.weightedKappa as Estimate, modeKappa: pair("mode")?.kappa as Estimate };
}
