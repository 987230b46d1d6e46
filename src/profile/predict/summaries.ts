import { LABELS, type Label, MODES } from "../../model/label.ts";
import { SUMMARIES, type Summary } from "../../model/prediction.ts";
import type { Profile } from "../../model/profile.ts";
import { meanOfKnown } from "../situation-table.ts";

/** A profile's four summaries, or why it has none. */
export type Summarised =
  | { readonly values: readonly number[]; readonly reason: null }
  | { readonly values: null; readonly reason: string };

/** The four summaries (P1), in the order of `SUMMARIES`; none where one is missing or letters are chosen by their place. */
export function summariseProfile(profile: Profile): Summarised {
  if (profile.format === "choice" && profile.position?.answersByPosition === true)
    return { values: null, reason: "it answers by the place of a letter, so that its shares say nothing of content" };
  const values: Record<Summary, number | null> = {
    "asocial lean": lean(profile, "asocial"),
    "market lean": lean(profile, "MP"),
    "authority lean": lean(profile, "AR"),
    responsiveness: responsiveness(profile),
  };
  const missing = SUMMARIES.filter((name) => values[name] === null);
  if (missing.length > 0) return { values: null, reason: `its profile has no ${missing.join(", ")}` };
  return { values: SUMMARIES.map((name) => values[name] as number), reason: null };
}

/** Share of a profile's calls that were refused. */
export function refusalRate({ silence, totals }: Profile): number {
  return totals.calls > 0 ? Math.min(1, silence.total.refusals / totals.calls) : 0;
}

/** Mean over situations less the mean of the other five labels; null where a label was never measured. */
function lean({ situations }: Profile, label: Label): number | null {
  const means = LABELS.map((one) => meanOfKnown(situations.map(({ bias }) => bias[one])));
  const own = means[LABELS.indexOf(label)] ?? null;
  const others = means.filter((_, at) => LABELS[at] !== label);
  return own === null || others.some((one) => one === null) ? null : own - (meanOfKnown(others) as number);
}

function responsiveness(profile: Profile): number | null {
  const values = MODES.map((mode) => profile.responsiveness.modes[mode].responsiveness.value);
  return values.some((value) => value === null) ? null : meanOfKnown(values);
}
