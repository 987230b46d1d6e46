import { DashpotError } from "../../model/error.ts";
import type { Profile } from "../../model/profile.ts";
import type { StressReport } from "../../model/stress-report.ts";
import { refusalRate, summariseProfile } from "./summaries.ts";

/** What a person tells of a model: a row of `--models`. */
export interface ModelRow {
  /** Spec or name. */
  readonly model: string;
  readonly family: string | null;
  /** Parameters. */
  readonly size: number | null;
  readonly cluster: string | null;
  readonly line: number;
}

/** One state of a model that was profiled. */
export interface ModelState {
  readonly key: string;
  readonly spec: string;
  readonly name: string;
  /** States of one model have one. */
  readonly cluster: string;
  readonly family: string | null;
  readonly size: number | null;
  readonly summaries: readonly number[] | null;
  /** Why it has none. */
  readonly reason: string | null;
  readonly refusalRate: number;
}

type Identity = Pick<Profile["model"], "spec" | "name" | "sha256">;

/** What makes a profile and a stress run those of one model (P3). */
export function modelKey({ spec, sha256 = "" }: Identity): string {
  return `${spec}\n${sha256}`;
}

/** Profiled models with what is told of them. Errors: `predict-unlike`, `predict-doubled`. */
export function modelStates(profiles: readonly Profile[], rows: readonly ModelRow[]): ModelState[] {
  refuseUnlike(profiles);
  refuseDoubled(profiles, "profile");
  return profiles.map((profile) => {
    const { model } = profile;
    const row = rows.find((one) => one.model === model.spec) ?? rows.find((one) => one.model === model.name);
    const { values, reason } = summariseProfile(profile);
    return {
      ...{ key: modelKey(model), spec: model.spec, name: model.name },
      ...{ cluster: row?.cluster ?? model.name, family: row?.family ?? null, size: row?.size ?? null },
      ...{ summaries: values, reason, refusalRate: refusalRate(profile) },
    };
  });
}

function refuseUnlike(profiles: readonly Profile[]): void {
  const first = profiles[0] as Profile;
  const ways = [
    ["format", (one: Profile) => one.format],
    ["bank", (one: Profile) => one.bank.hash],
    ["set", (one: Profile) => one.set],
    ["system", (one: Profile) => one.system ?? "no message"],
  ] as const;
  for (const other of profiles)
    for (const [name, of] of ways)
      if (of(other) !== of(first))
        throw new DashpotError(
          "predict-unlike",
          `expected profiles of one ${name}, received ${of(first).slice(0, 12)} of ${first.model.spec} and ${of(other).slice(0, 12)} of ${other.model.spec}`,
          `profile all models with one ${name}`,
        );
}

/** Error: `predict-doubled`. */
export function refuseDoubled(runs: readonly { readonly model: Identity }[], kind: "profile" | "stress run"): void {
  const seen = new Set<string>();
  for (const { model } of runs) {
    if (seen.has(modelKey(model)))
      throw new DashpotError(
        "predict-doubled",
        `expected one ${kind} of each model, received two of ${model.spec}`,
        "name one of them; states of a model have specs or weights of their own",
      );
    seen.add(modelKey(model));
  }
}

/** Errors: `predict-situations`. */
export function refuseSharedSituations(profiles: readonly Profile[], reports: readonly StressReport[]): void {
  const situations = new Set(profiles.flatMap((profile) => profile.situations.map(({ id }) => id)));
  const shared = reports.flatMap(({ design }) => design.families).find((family) => situations.has(family));
  if (shared !== undefined)
    throw new DashpotError(
      "predict-situations",
      `expected other situations under stress than in the profiles, received ${shared} in both`,
      "what is predicted must not be what was measured: leave it out of one of them",
    );
}
