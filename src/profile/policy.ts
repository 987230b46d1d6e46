import { z } from "zod";
import { type RandomStream, randomStream } from "../kernel/random.ts";
import { softmax } from "../kernel/softmax.ts";
import type { Act } from "../model/act.ts";
import { LABELS, type Label, type Mode, type Rank } from "../model/label.ts";
import type { ChatAnswer, ChatRequest, ItemReference, ScoreAnswer, ScoreRequest } from "../model/language-model.ts";
import { guessedTokens, guessedUsage, letterLogs, pickIndex, TEXT_PRIOR } from "./policy-parts.ts";
import { LETTERS } from "./prompt.ts";
import { BLIND, chatGames, GAMES_TENDENCIES, type GamesTendency, scoreGames } from "./stress/games/games-policy.ts";
import { chatStress, STRESS_TENDENCIES, type StressTendency, scoreStress } from "./stress/stress-policy.ts";

/** What a reference policy is drawn towards, nats, before any cue. */
type Lean = Readonly<Partial<Record<Label, number>>>;

/** A reference policy: a model of known matrix, for calibration and for trying things out (L10). */
export interface Policy {
  readonly name: string;
  /** In every row, cued or not: this is what bias must find. */
  readonly lean: Lean;
  /** Added to the cued label in its row. */
  readonly follows: number;
  /** Added to the cued label's decoy row: topic without relation. */
  readonly topic: number;
  /** Nats by place of the letter under `choice`. */
  readonly places: readonly number[];
  readonly refusalRate: number;
  /** How severely it answers under asymmetry; never where absent. */
  readonly stress?: StressTendency;
  /** How it moves, answers and divides; whatever stands there, where absent. */
  readonly games?: GamesTendency;
}

const NO_PLACES = [0, 0, 0, 0, 0, 0] as const;
const policy = (name: string, lean: Lean, follows: number, more: Partial<Policy> = {}): Policy => ({
  name,
  lean,
  follows,
  topic: 0,
  places: NO_PLACES,
  refusalRate: 0,
  ...more,
});

export const POLICIES: readonly Policy[] = [
  policy("uniform", {}, 0),
  policy("market-trader", { MP: 2 }, 0),
  policy("communal", { CS: 1.2 }, 1.5),
  policy("egalitarian", { EM: 1.2 }, 1.5),
  policy("hierarch", { AR: 1.2 }, 1.5),
  policy("exploiter", { asocial: 2 }, 0.5),
  policy("position-biased", {}, 0, { places: [3, 1, 0, 0, 0, 0] }),
  policy("refuser", {}, 1, { refusalRate: 0.4 }),
  policy("cue-follower", {}, 2.5),
  policy("topic-follower", {}, 1.5, { topic: 1.5 }),
  ...Object.entries(STRESS_TENDENCIES).map(([name, stress]) => policy(name, {}, 1.5, { stress })),
  ...Object.entries(GAMES_TENDENCIES).map(([name, games]) => policy(name, {}, 1.5, { games })),
];

/** How one situation differs from another: the share of per-text variance that its replies have in common. */
export interface Spread {
  /** 0, 0.1, 0.3: half of it between domains, half between situations of a domain. */
  readonly intraclassCorrelation: number;
  /** Standard deviation of a text's log-probability about the policy's tendency, nats. */
  readonly deviation: number;
}

export const USUAL_SPREAD: Spread = { intraclassCorrelation: 0.1, deviation: 1 };

const WORDINGS = 3;
/** At temperature 0 the likeliest is taken. */
const COLDEST = 1e-6;

export interface PolicyModel {
  score(request: ScoreRequest): ScoreAnswer;
  chat(request: ChatRequest): ChatAnswer;
}

/** What a policy's noise is drawn from; another `form` of a bank has other wordings and the same situations. */
interface Drawn {
  readonly spread: Spread;
  readonly seed: number;
  readonly form: string;
  /** What the effects of domains are drawn from. */
  readonly domains: number;
  /** Effects of the prompts drawn so far: six presentations of a row share them. */
  readonly effects: Map<string, readonly number[]>;
}

/**
 * `components`: policies with weights; each situation is answered by one of them. `domains`: seed of the domains'
 * effects where they are to stay the same while all else is drawn anew.
 */
export function policyModel(
  components: readonly { readonly policy: Policy; readonly weight: number }[],
  spread: Spread,
  seed: number,
  options: { readonly letters: boolean; readonly form?: string; readonly domains?: number } = { letters: true },
): PolicyModel {
  const { form = "", domains = seed } = options;
  const drawn: Drawn = { spread, seed, form, domains, effects: new Map() };
  const choose = (situation: string) => pickWeighted(components, randomStream(seed, "component", situation).uniform());
  const never = STRESS_TENDENCIES.never as StressTendency;
  const under = (situation: string) => choose(situation).stress ?? never;
  return {
    score: (request) => {
      const { stress, games, situation } = request.item;
      if (stress) return scoreStress(under(situation), request, seed);
      const chosen = choose(situation);
      return games ? scoreGames(chosen.games ?? BLIND, request, seed) : scoreAs(chosen, request, drawn);
    },
    chat: (request) => {
      const { stress, games, situation } = request.item;
      if (stress) return chatStress(under(situation), request, seed, options.letters);
      const chosen = choose(situation);
      if (!games) return chatAs(chosen, request, drawn, options.letters);
      const { places, refusalRate } = chosen;
      return chatGames(chosen.games ?? BLIND, request, { seed, places, refusalRate, withLetters: options.letters });
    },
  };
}

/** Nats by which the policy favours a label in a row, above what the text alone has. */
export function tendency(chosen: Policy, item: Pick<ItemReference, "arm" | "row">, label: Label): number {
  if (item.arm === "content-free") return 0;
  const cued = item.row === label ? (item.arm === "decoy" ? chosen.topic : chosen.follows) : 0;
  return (chosen.lean[label] ?? 0) + cued;
}

function scoreAs(chosen: Policy, request: ScoreRequest, drawn: Drawn): ScoreAnswer {
  const { item, replies } = request;
  const texts = randomStream(drawn.seed, "prior", drawn.form, item.situation);
  const priors = replies.map(() => TEXT_PRIOR.mean + TEXT_PRIOR.deviation * texts.normal());
  const noise = noiseOf(item, drawn);
  const logProbabilities = item.replies.map(({ label, wording }, index) => {
    const own = item.arm === "content-free" ? 0 : noise(label, wording);
    return (priors[index] as number) + tendency(chosen, item, label) + own;
  });
  return { kind: "score", logProbabilities, tokens: replies.map(guessedTokens), usage: guessedUsage(request.messages) };
}

/** Domain, situation and wording effects of one prompt; the same prompt always draws the same. */
function noiseOf(item: ItemReference, drawn: Drawn): (label: Label, wording: number) => number {
  const key = `${item.situation}/${item.arm}/${item.row}`;
  const effects = drawn.effects.get(key) ?? drawEffects(item, drawn);
  drawn.effects.set(key, effects);
  return (label, wording) => effects[LABELS.indexOf(label) * WORDINGS + wording] as number;
}

/** By label, then wording. */
function drawEffects(
  { domain, situation, arm, row }: ItemReference,
  { spread, seed, form, domains }: Drawn,
): readonly number[] {
  const shared = spread.deviation * Math.sqrt(spread.intraclassCorrelation / 2);
  const own = spread.deviation * Math.sqrt(1 - spread.intraclassCorrelation);
  const ofDomain = domainNormals(domains, domain, arm, row);
  const ofSituation = normals(randomStream(seed, "situation", situation, arm, row), LABELS.length);
  const ofWording = normals(randomStream(seed, "wording", form, situation, arm, row), LABELS.length * WORDINGS);
  return ofWording.map((wording, index) => {
    const label = Math.floor(index / WORDINGS);
    return shared * ((ofDomain[label] as number) + (ofSituation[label] as number)) + own * wording;
  });
}

/** Standard deviates of a domain's effects on one prompt, by label. */
export function domainNormals(
  seed: number,
  domain: string,
  arm: ItemReference["arm"],
  row: ItemReference["row"],
): readonly number[] {
  return normals(randomStream(seed, "domain", domain, arm, row), LABELS.length);
}

function chatAs(chosen: Policy, request: ChatRequest, drawn: Drawn, letters: boolean): ChatAnswer {
  const { item } = request;
  const stream = randomStream(
    drawn.seed,
    "chat",
    item.situation,
    item.arm,
    item.row,
    request.seed,
    item.dyad?.turn ?? 0,
  );
  const usage = guessedUsage(request.messages);
  if (stream.uniform() < chosen.refusalRate)
    return { kind: "chat", text: "I cannot answer that.", stop: "refusal", usage };
  if (item.dyad) return { kind: "chat", text: JSON.stringify(actAs(chosen, request, stream)), stop: "stop", usage };
  if (item.arm === "self") return { kind: "chat", text: ratingOf(chosen, item.row as Mode), stop: "stop", usage };
  const noise = noiseOf(item, drawn);
  const weights = item.replies.map(
    ({ label, wording }, place) => tendency(chosen, item, label) + noise(label, wording) + (chosen.places[place] ?? 0),
  );
  const probability = softmax(weights);
  const sampled = request.temperature === 1 ? probability : softmax(weights, Math.max(COLDEST, request.temperature));
  const place = pickIndex(sampled, stream.uniform());
  const answer = { kind: "chat", text: LETTERS[place] as string, stop: "stop", usage } as const;
  if (!letters || !request.letters) return answer;
  return { ...answer, letterLogProbabilities: letterLogs(LETTERS, probability) };
}

/** A move in the spirit of one label drawn from the policy's lean; the partner's last move is read off the conversation. */
function actAs(chosen: Policy, request: ChatRequest, stream: RandomStream): Act {
  const dyad = request.item.dyad;
  const objects = dyad?.objects ?? [];
  const label = LABELS[pickIndex(softmax(LABELS.map((one) => 2 * (chosen.lean[one] ?? 0))), stream.uniform())] as Label;
  const [mine, theirs] = [objects[0] ?? null, objects[1] ?? null];
  const acts: Record<Label, Act> = {
    CS: { act: "give", object: stream.pick(objects.length > 0 ? objects : ["help"]), for: null },
    AR: orderAs(request.item.rank, mine),
    EM:
      (dyad?.turn ?? 0) % 2 === 0
        ? { act: "give", object: mine, for: null }
        : { act: "nothing", object: null, for: null },
    MP: { act: "give", object: mine, for: theirs },
    asocial: { act: "take", object: theirs, for: null },
    null: { act: "nothing", object: null, for: null },
  };
  return acts[label];
}

function orderAs(rank: Rank, object: string | null): Act {
  return rank === "above" ? { act: "command", object, for: null } : { act: "do", object, for: null };
}

function ratingOf(chosen: Policy, mode: Mode): string {
  return String(Math.round(Math.min(7, Math.max(1, 4 + (chosen.lean[mode] ?? 0)))));
}

function normals(stream: RandomStream, count: number): number[] {
  return Array.from({ length: count }, () => stream.normal());
}

function pickWeighted(components: readonly { readonly policy: Policy; readonly weight: number }[], at: number): Policy {
  const shares = components.map(({ weight }) => weight);
  return (components[pickIndex(shares, at)] as { policy: Policy }).policy;
}

/** More would be certainty, and much more would overflow. */
const nats = z.number().min(-1000).max(1000);

/** `policy:FILE`: a mixture of named policies, or policies of one's own. */
export const policyFileSchema = z.strictObject({
  name: z.string().min(1),
  seed: z.int().min(0).default(0),
  letters: z.boolean().default(true),
  intraclassCorrelation: z.number().min(0).max(1).default(USUAL_SPREAD.intraclassCorrelation),
  deviation: z.number().min(0).max(1000).default(USUAL_SPREAD.deviation),
  mixture: z
    .array(
      z.strictObject({
        weight: z.number().positive().max(1e6),
        policy: z.enum(POLICIES.map(({ name }) => name) as [string, ...string[]]).optional(),
        lean: z.partialRecord(z.enum(LABELS), nats).default({}),
        follows: nats.default(0),
        topic: nats.default(0),
        places: z
          .array(nats)
          .length(LABELS.length)
          .default([...NO_PLACES]),
        refusalRate: z.number().min(0).max(1).default(0),
        /** How severely it answers under stress: as the policy of that name. */
        stress: z.enum(Object.keys(STRESS_TENDENCIES) as [string, ...string[]]).optional(),
      }),
    )
    .min(1),
});
export type PolicyFile = z.infer<typeof policyFileSchema>;

export function policyNamed(name: string): Policy | undefined {
  return POLICIES.find((one) => one.name === name);
}

export function policyOfFile(file: PolicyFile): PolicyModel {
  const components = file.mixture.map(({ weight, policy: named, stress, ...own }, index) => ({
    weight,
    policy: {
      ...((named && policyNamed(named)) || { name: `${file.name}-${index + 1}`, ...own }),
      ...(stress ? { stress: STRESS_TENDENCIES[stress] as StressTendency } : {}),
    },
  }));
  const spread = { intraclassCorrelation: file.intraclassCorrelation, deviation: file.deviation };
  return policyModel(components, spread, file.seed, { letters: file.letters });
}
