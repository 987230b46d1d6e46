import { LABELS, ROWS } from "../../src/model/label.ts";
import type { Profile } from "../../src/model/profile.ts";
import { estimateProportion } from "../../src/profile/estimate-cells.ts";
import type { StressTendency } from "../../src/profile/stress/stress-policy.ts";
import { fixtureBank } from "../fixtures/bank.ts";
import { policyOf } from "../fixtures/simulate-run.ts";
import { simulateLadder } from "../fixtures/simulated-ladder.ts";
import { answerBank, type Crowd, profileAnswers, truthOfCrowd } from "../fixtures/simulated-people.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const RUNS = 60;
const base = { policy: policyOf("communal"), situational: 0.7 };
/** From people who hardly differ to those who each answer everything in a way of their own. */
const CROWDS: readonly Crowd[] = [
  { ...base, people: 12, each: 36, personal: 0.5 },
  { ...base, people: 12, each: 36, personal: 1.5 },
  { ...base, people: 4, each: 108, personal: 1.5 },
  { ...base, people: 12, each: 108, personal: 2 },
];
const LADDERS = [
  { people: 16, personal: 1 },
  { people: 40, personal: 1.5 },
] as const;
/** Below it, cells or runs are no 95 % interval, within Monte-Carlo error of so few runs. */
const LEAST = { bank: 0.93, ladder: 0.88 } as const;

interface Found {
  /** Of the intervals that are told, and of those over situations alone. */
  readonly covered: number;
  readonly alone: number;
  readonly n: number;
}

/** K17, K18: how often intervals from simulated people hold what all who might be asked would answer. */
export const suite: VerifySuite = {
  name: "people-coverage",
  proves: ["K17", "K18"],
  title: "Intervals from people's answers hold the truth",
  budgetMinutes: 30,
  model: "none",
  doc: "docs/calibration.md",
  section: "people-coverage",
  run: async (context) => {
    const crowds = context.quick ? CROWDS.slice(0, 1) : CROWDS;
    const ladders = context.quick ? LADDERS.slice(0, 1) : LADDERS;
    const banks: Found[] = [];
    for (const crowd of crowds)
      banks.push(await kept(`bank ${crowd.people} ${crowd.each} ${crowd.personal}`, context, ofBank(crowd)));
    const stressed: Found[] = [];
    for (const ladder of ladders)
      stressed.push(await kept(`ladder ${ladder.people} ${ladder.personal}`, context, ofLadder(ladder)));
    const holds =
      banks.every(({ covered, n }) => covered / n >= LEAST.bank) &&
      stressed.every(({ covered, n }) => covered / n >= LEAST.ladder);
    return { table: tableOf(crowds, banks, ladders, stressed), holds };
  },
};

async function kept(
  key: string,
  { state, log, signal, quick }: SuiteContext,
  one: (run: number) => Found,
): Promise<Found> {
  const known = state.get<Found>(key);
  if (known) return known;
  let found: Found = { covered: 0, alone: 0, n: 0 };
  for (let run = 0; run < (quick ? RUNS / 20 : RUNS); run += 1) {
    signal.throwIfAborted();
    const { covered, alone, n } = one(run + 1);
    found = { covered: found.covered + covered, alone: found.alone + alone, n: found.n + n };
    await new Promise((resolve) => setImmediate(resolve));
  }
  state.put(key, found);
  log(`${key}: ${found.covered} of ${found.n}, over situations alone ${found.alone}`);
  return found;
}

function ofBank(crowd: Crowd): (run: number) => Found {
  const bank = fixtureBank();
  const truth = truthOfCrowd(crowd, 40_000);
  return (run) => {
    const profile = profileAnswers(bank, answerBank(bank, crowd, run));
    const cells = ROWS.flatMap((row, at) =>
      LABELS.map((label, column) => ({ row, label, value: truth[at]?.[column] as number })),
    );
    const holds = ({ low, high }: { low: number | null; high: number | null }, value: number) =>
      low !== null && high !== null && low <= value && value <= high;
    return {
      covered: cells.filter(({ row, label, value }) => holds(shareOf(profile, row, label), value)).length,
      alone: cells.filter(({ row, label, value }) => holds(overSituations(profile, row, label), value)).length,
      n: cells.length,
    };
  };
}

type Row = (typeof ROWS)[number];
type Label = (typeof LABELS)[number];

function shareOf({ matrices }: Profile, row: Row, label: Label) {
  return (matrices[0] as Profile["matrices"][number]).cells[row][label];
}

/** As if nobody had answered twice. */
function overSituations({ situations }: Profile, row: Row, label: Label) {
  return estimateProportion(situations.map(({ domain, cells }) => ({ stratum: domain, value: cells[row][label] })));
}

function ofLadder({ people, personal }: (typeof LADDERS)[number]): (run: number) => Found {
  const ladder = simulateLadder(people, ["power"]);
  const five = policyOf("threshold-5").stress as StressTendency;
  return (run) => {
    const { results } = ladder.report(ladder.answers(five, personal, run));
    const found = results[0]?.curves[0]?.threshold?.index;
    const held = found?.parts.some(([low, high]) => low <= 5 && 5 <= high) ?? false;
    return { covered: held ? 1 : 0, alone: 0, n: 1 };
  };
}

function tableOf(
  crowds: readonly Crowd[],
  banks: readonly Found[],
  ladders: readonly { readonly people: number; readonly personal: number }[],
  stressed: readonly Found[],
): string {
  const share = (part: number, n: number) => (part / n).toFixed(3);
  const first = banks.map(({ covered, alone, n }, at) => {
    const { people, each, personal } = crowds[at] as Crowd;
    return `| ${people} | ${each} | ${personal} | ${n} | ${share(covered, n)} | ${share(alone, n)} |`;
  });
  const second = stressed.map(({ covered, n }, at) => {
    const { people, personal } = ladders[at] as (typeof ladders)[number];
    return `| ${people} | ${personal} | ${n} | ${share(covered, n)} |`;
  });
  return [
    `Simulated people answer the bank's sheets of twelve situations: each has leans of its own (their standard deviation, in nats), and each row (0.7). Truth is what all who might be asked would answer in all situations that there might be. At least ${LEAST.bank} of the intervals of 95 % hold it. Beside them: intervals over situations alone, which take answers of one person for those of several.`,
    "",
    "| people | questions each | leans of people | cells | hold | situations alone |",
    "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ...first,
    "",
    `Simulated people who turn at five answer the ladder's sheets, each about one of eight families; their log-odds differ by the standard deviation told. In at least ${LEAST.ladder} of the runs the set of the threshold by power holds five.`,
    "",
    "| people | leans of people | runs | hold |",
    "| ---: | ---: | ---: | ---: |",
    ...second,
  ].join("\n");
}
