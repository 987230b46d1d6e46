import type { Profile } from "../model/profile.ts";

/** Names of runs for a table: their models, or their directories where one model was measured more than once. */
export function namesOf(profiles: readonly Profile[], directories: readonly string[]): readonly string[] {
  const specs = profiles.map(({ model }) => model.spec);
  return new Set(specs).size === specs.length ? specs : directories;
}
