import { holm } from "../kernel/sign-flip.ts";

/** With Holm's adjustment over those that have a p-value. */
export function adjusted<T extends { readonly p: number | null }>(
  family: readonly T[],
): (T & { readonly adjustedP: number | null })[] {
  const values = holm(family.map(({ p }) => p ?? Number.NaN));
  return family.map((one, index) => ({ ...one, adjustedP: one.p === null ? null : (values[index] as number) }));
}
