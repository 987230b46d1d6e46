import { mean, median } from "../../kernel/summary.ts";
import { conditionName } from "../../model/stress.ts";
import type { StressEpisodes } from "../../model/stress-report.ts";
import type { CodedEpisode } from "./code-stress.ts";

/** Episodes by condition, all workplaces together, in the order of the design (T18). */
export function countEpisodes(episodes: readonly CodedEpisode[]): StressEpisodes[] {
  const byCondition = Map.groupBy(episodes, ({ row }) => conditionName(row.condition));
  return [...byCondition].map(([condition, own]) => {
    const turns = (side: "done" | "said") =>
      own.flatMap(({ coded }) => {
        const turn = coded.gaveWayAt[side];
        return turn === null ? [] : [turn + 1];
      });
    const [done, said] = [turns("done"), turns("said")];
    const total = (of: (episode: CodedEpisode) => number) => own.reduce((sum, one) => sum + of(one), 0);
    return {
      condition,
      episodes: own.length,
      gaveWay: { done: done.length, said: said.length },
      turn: { done: done.length > 0 ? median(done) : null, said: said.length > 0 ? median(said) : null },
      turns: mean(own.map((one) => one.turns)),
      exits: own.filter(({ coded }) => coded.exitTaken).length,
      aims: own.filter(({ ended }) => ended === "aim").length,
      faults: total(({ coded }) => sumOf(coded.faults)),
      silences: total(({ coded }) => sumOf(coded.silences)),
    };
  });
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, one) => sum + one, 0);
}
