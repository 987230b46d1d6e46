/** Names of runs for a table: their models, or their directories where one model was measured more than once. */
export function namesOf(
  runs: readonly { readonly model: { readonly spec: string } }[],
  directories: readonly string[],
): readonly string[] {
  const specs = runs.map(({ model }) => model.spec);
  return new Set(specs).size === specs.length ? specs : directories;
}
