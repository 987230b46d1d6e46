import { policyNamed } from "../../src/profile/policy.ts";
import { type Calibrated, type Condition, calibrate } from "./calibrate.ts";
import type { Kind } from "./truth.ts";

/** One condition in a process of its own: a processor has more cores than one. */
export interface ConditionRequest {
  readonly policy: string;
  readonly icc: number;
  /** Nats by which situations and wordings scatter. */
  readonly deviation: number;
  readonly kind: Kind;
  readonly domains: Condition["domains"];
  readonly runs: number;
  readonly draws: number;
}

if (import.meta.main) {
  const {
    policy: name,
    icc,
    deviation,
    kind,
    domains,
    runs,
    draws,
  } = JSON.parse(process.argv[2] as string) as ConditionRequest;
  const policy = policyNamed(name);
  if (!policy) throw new Error(`expected a policy, received ${name}`);
  const spread = { intraclassCorrelation: icc, deviation };
  const found: Calibrated = await calibrate({ policy, spread, kind, domains }, runs, draws);
  process.send?.(found, () => process.disconnect());
}
