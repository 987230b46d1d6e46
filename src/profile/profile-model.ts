import type { Bank } from "../model/bank.ts";
import type { Profile } from "../model/profile.ts";
import type { RunPlan } from "../model/run.ts";
import type { Ask, Call, Pool } from "./ask.ts";
import { codeChoice, codeScore, codeSelf } from "./code-answer.ts";
import { agreementCalls, chooseDyads, designCalls, type PlannedCall, type SelfCall, selfCalls } from "./design.ts";
import { estimateProfile, type Source } from "./estimate.ts";
import type { ChoiceMeasurement, Measurements, ScoreMeasurement } from "./measurement.ts";
import { playDyad } from "./play-dyad.ts";
import { withSystem } from "./prompt.ts";

/** The ways to the outside that a run is handed. */
export interface RunPorts {
  /** Asks the model, or the journal where it is answered. */
  readonly ask: Ask;
  /** Looks into the journal only; rejects where there is no answer. */
  readonly recall: Ask;
  readonly pool: Pool;
}

/** design → elicit → code → estimate: the profile of a model on a bank. */
export async function profileModel(ports: RunPorts, source: () => Source): Promise<Profile> {
  const { bank, plan } = source();
  const design = designRun(bank, plan);
  await elicit(design, ports);
  const measured = await codeRun(design, ports.recall);
  return estimateProfile(measured, source());
}

/** Everything that a run will ask: the calls known beforehand, and the dyads, whose calls depend on the answers. */
export interface RunDesign {
  readonly plan: RunPlan;
  readonly calls: readonly PlannedCall[];
  readonly self: readonly SelfCall[];
  readonly dyads: ReturnType<typeof chooseDyads>;
  /** Calls in all. */
  readonly total: number;
}

export function designRun(bank: Bank, plan: RunPlan): RunDesign {
  const calls = [...designCalls(bank, plan), ...(plan.agreement ? agreementCalls(bank, plan) : [])].map((call) =>
    guarded(call, plan),
  );
  const self = plan.self ? selfCalls(plan).map((call) => guarded(call, plan)) : [];
  const dyads = plan.acts ? chooseDyads(bank, plan.set) : [];
  const moves = dyads.reduce((sum, dyad) => sum + dyad.moves, 0);
  return { plan, calls, self, dyads, total: calls.length + self.length + moves };
}

function guarded<C extends PlannedCall | SelfCall>(call: C, { system }: RunPlan): C {
  return { ...call, request: { ...call.request, messages: withSystem(call.request.messages, system) } };
}

export async function elicit(design: RunDesign, { ask, pool }: Pick<RunPorts, "ask" | "pool">): Promise<void> {
  const single = [...design.calls, ...design.self].map((call) => async () => {
    await ask(call);
  });
  const played = design.dyads.map((dyad) => async () => {
    await playDyad(dyad, ask, design.plan);
  });
  await pool([...single, ...played], design.total);
}

/** Reads every measurement back from the journal, in the order of the design. */
export async function codeRun(design: RunDesign, recall: Ask): Promise<Measurements> {
  const score: ScoreMeasurement[] = [];
  const choice: ChoiceMeasurement[] = [];
  for (const call of design.calls) {
    const answer = await recall(call as Call);
    if (call.kind === "score") score.push(codeScore(call, answer));
    else choice.push(codeChoice(call, answer));
  }
  const self = [];
  for (const call of design.self) self.push(codeSelf(call, await recall(call)));
  const dyads = [];
  for (const dyad of design.dyads) dyads.push(await playDyad(dyad, recall, design.plan));
  return { score, choice, dyads, self };
}
