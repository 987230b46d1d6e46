import type { Bank, Situation } from "../model/bank.ts";
import { LABELS, LIMITS, type Limit, MODES, type Mode, RANKS, ROWS, type Row } from "../model/label.ts";
import type { ChatRequest, ItemReference, ScoreRequest } from "../model/language-model.ts";
import { callKey, type RunPlan, type SetName } from "../model/run.ts";
import { PRESENTATIONS, type Presented, presentation } from "./latin-square.ts";
import { choicePrompt, contentFreePrompt, LETTERS, scorePrompt, VARIANTS, type Variant } from "./prompt.ts";
import { SELF_ITEMS, type SelfItem, selfPrompt } from "./self-report.ts";

export interface ScoreCall {
  readonly kind: "score";
  readonly key: string;
  readonly request: ScoreRequest;
  readonly variant?: Variant;
}

export interface ChoiceCall {
  readonly kind: "chat";
  readonly key: string;
  readonly request: ChatRequest;
  readonly presentation: number;
  readonly order: readonly Presented[];
  readonly variant?: Variant;
}

export interface SelfCall {
  readonly kind: "chat";
  readonly key: string;
  readonly request: ChatRequest;
  readonly self: SelfItem;
  readonly index: number;
}

export type PlannedCall = ScoreCall | ChoiceCall;

/** One sentence put into a situation, and where it belongs. */
interface Placed {
  readonly arm: "bank" | "decoy" | "validation";
  readonly row: Row | Mode | Limit;
  readonly sentence: string;
}

const EVERY_REPLY = LABELS.flatMap((label) => [0, 1, 2].map((wording) => ({ label, wording })));

/**
 * The situations of a set: all, or for `quick` one a domain (R8). Ranks alternate above, below, equal over the domains,
 * and among a domain's situations of that rank one with decoys comes first, so that responsiveness can be told.
 */
export function chooseSituations(bank: Bank, set: SetName): readonly Situation[] {
  if (set === "full") return bank.situations;
  const domains = [...new Set(bank.situations.map((situation) => situation.domain))];
  return domains.map((domain, index) => {
    const members = bank.situations.filter((situation) => situation.domain === domain);
    const rank = RANKS[index % RANKS.length];
    const suited = members.filter((situation) => situation.rank === rank);
    const pool = suited.length > 0 ? suited : members;
    return (pool.find((situation) => situation.decoys !== undefined) ?? pool[0]) as Situation;
  });
}

/** The dyads of a set: all, or for `quick` the first of each of six scripts (R8). */
export function chooseDyads(bank: Bank, set: SetName) {
  if (set === "full") return bank.dyads;
  const scripts = [...new Set(bank.dyads.map((dyad) => dyad.script))].slice(0, 6);
  return scripts.flatMap((script) => bank.dyads.filter((dyad) => dyad.script === script).slice(0, 1));
}

/** Every call of the run's main format, in a fixed order. Scripted dyads and self-report ask as they go (`elicit`). */
export function designCalls(bank: Bank, plan: RunPlan): readonly PlannedCall[] {
  const situations = chooseSituations(bank, plan.set);
  const calls = situations.flatMap<PlannedCall>((situation, turn) =>
    plan.format === "score"
      ? scoreCalls(situation, plan.set)
      : choiceCalls(situation, turn, plan, sentences(situation, plan.set)),
  );
  const varied = VARIANTS.filter(({ variation }) => plan.vary.includes(variation)).flatMap((variant) =>
    situations.flatMap<PlannedCall>((situation, turn) => variantCalls(situation, turn, plan, variant)),
  );
  return [...calls, ...varied];
}

/**
 * What the run's other format is asked to tell how far the two agree (A11), in a quick set of every other situation.
 *
 * Beside `score` one presentation a row, the situations taking the orders of the Latin square by turns, so that over
 * eighteen of them each label stands at each place with each wording. Beside `choice` the replies of every row scored, in
 * a full set for one situation a domain, for a server is asked for eighteen replies a row.
 */
export function agreementCalls(bank: Bank, plan: RunPlan): readonly PlannedCall[] {
  const every = chooseSituations(bank, plan.format === "choice" ? "quick" : plan.set);
  const some = every.filter((_, index) => plan.set !== "quick" || index % 2 === 0);
  return some.flatMap<PlannedCall>((situation, turn) =>
    plan.format === "choice"
      ? [contentFreeCall(situation), ...bankRows(situation).map((placed) => scoreCall(situation, placed))]
      : bankRows(situation).map((placed) => choiceCall(situation, placed, { index: turn, shown: turn }, plan)),
  );
}

/** The self-report, one statement a call (A10). */
export function selfCalls(plan: RunPlan): readonly SelfCall[] {
  return SELF_ITEMS.map((self, index) => ({
    kind: "chat",
    key: callKey("self", "self", "self", String(index)),
    request: {
      messages: [{ role: "user", content: selfPrompt(self) }],
      item: { situation: "self", domain: "self", rank: "equal", arm: "self", row: self.mode, replies: [] },
      maximumTokens: 8,
      temperature: plan.temperature,
      seed: plan.seed % 2 ** 31,
    },
    self,
    index,
  }));
}

/** The validation arm speaks of the instrument, not of the model: only the full set asks it. */
function sentences(situation: Situation, set: SetName): Placed[] {
  const decoys = situation.decoys;
  const validation = set === "full" ? situation.validation : undefined;
  return [
    ...bankRows(situation),
    ...(decoys ? MODES.map((row) => ({ arm: "decoy" as const, row, sentence: decoys[row] })) : []),
    ...(validation ? LIMITS.map((row) => ({ arm: "validation" as const, row, sentence: validation[row] })) : []),
  ];
}

function bankRows(situation: Situation): Placed[] {
  return ROWS.map((row) => ({ arm: "bank" as const, row, sentence: situation.cues[row] }));
}

function scoreCalls(situation: Situation, set: SetName): ScoreCall[] {
  return [contentFreeCall(situation), ...sentences(situation, set).map((placed) => scoreCall(situation, placed))];
}

function contentFreeCall(situation: Situation): ScoreCall {
  return {
    kind: "score",
    key: callKey("score", situation.id, "content-free", "-"),
    request: {
      messages: contentFreePrompt(situation),
      replies: everyReply(situation),
      item: itemOf(situation, "content-free", "content-free", EVERY_REPLY),
    },
  };
}

function scoreCall(situation: Situation, { arm, row, sentence }: Placed, variant?: Variant): ScoreCall {
  return {
    kind: "score",
    key: callKey("score", situation.id, arm, row, ...variantPath(variant)),
    request: {
      messages: scorePrompt(situation, sentence, variant),
      replies: everyReply(situation),
      item: itemOf(situation, arm, row, EVERY_REPLY),
    },
    ...(variant ? { variant } : {}),
  };
}

/** All samples of some rows, from the situation's own place in the series of presentations on (A6). */
function choiceCalls(
  situation: Situation,
  turn: number,
  plan: RunPlan,
  placed: readonly Placed[],
  variant?: Variant,
): ChoiceCall[] {
  const start = startOf(turn, plan.samples);
  const samples = Array.from({ length: plan.samples }, (_, index) => ({ index, shown: index + start }));
  return placed.flatMap((one) => samples.map((sample) => choiceCall(situation, one, sample, plan, variant)));
}

/**
 * Where a situation begins in the series of eighteen presentations. Six samples show each label at each place once; which
 * wording it has there changes from situation to situation, so that over every three each label stands at each place with
 * each wording. Ranks take turns of three as well: every third situation is moved on by one more, so that no rank is bound
 * to a wording. With numbers of samples that are no multiple of six, situations begin at other rows of the square.
 */
function startOf(turn: number, samples: number): number {
  const places = LABELS.length;
  if (samples % places === 0) return places * ((turn + Math.floor(turn / 3)) % 3);
  return samples * (turn + Math.floor(turn / places));
}

function choiceCall(
  situation: Situation,
  { arm, row, sentence }: Placed,
  { index, shown }: { readonly index: number; readonly shown: number },
  plan: RunPlan,
  variant?: Variant,
): ChoiceCall {
  const order = presentation(shown);
  return {
    kind: "chat",
    key: callKey("choice", situation.id, arm, row, index, ...variantPath(variant)),
    request: {
      messages: choicePrompt(situation, sentence, order, variant),
      item: itemOf(situation, arm, row, order),
      maximumTokens: 8,
      temperature: variant?.temperature ?? plan.temperature,
      seed: (plan.seed + index) % 2 ** 31,
      // Log-probabilities of letters are those before any temperature: another one shows in what is sampled only.
      ...(variant?.temperature === undefined ? { letters: LETTERS } : {}),
    },
    presentation: shown % PRESENTATIONS,
    order,
    ...(variant ? { variant } : {}),
  };
}

function variantCalls(situation: Situation, turn: number, plan: RunPlan, variant: Variant): PlannedCall[] {
  if (plan.format === "choice") return choiceCalls(situation, turn, plan, bankRows(situation), variant);
  if (variant.temperature !== undefined) return [];
  return bankRows(situation).map((placed) => scoreCall(situation, placed, variant));
}

function variantPath(variant: Variant | undefined): string[] {
  return variant ? [`${variant.variation}=${variant.level.replaceAll(" ", "-")}`] : [];
}

function everyReply(situation: Situation): string[] {
  return EVERY_REPLY.map(({ label, wording }) => situation.replies[label][wording] as string);
}

function itemOf(
  situation: Situation,
  arm: ItemReference["arm"],
  row: ItemReference["row"],
  replies: ItemReference["replies"],
): ItemReference {
  return { situation: situation.id, domain: situation.domain, rank: situation.rank, arm, row, replies };
}
