import { z } from "zod";

/** A token of an echoed prompt, as a server tells it. */
export interface EchoedToken {
  readonly token: string;
  /** What the server says; null for the first. */
  readonly told: number | null;
  /** What it says once the shift is undone; null where that cannot be done. */
  readonly corrected: number | null;
}

const completionSchema = z.object({
  choices: z
    .array(
      z.object({
        logprobs: z.object({
          tokens: z.array(z.string()),
          token_logprobs: z.array(z.number().nullable()),
          top_logprobs: z.array(z.record(z.string(), z.number()).nullable()),
        }),
      }),
    )
    .min(1),
});

/**
 * The tokens of an echoed prompt with the values that belong to them, of llama-cpp-python 0.3.36.
 *
 * Where a prompt does not begin with the token for the beginning of the text, that server takes the row of probabilities
 * behind each token for the token's own: the value told for a token is how likely it would be once more. The row before
 * holds the token's own value, if enough candidates were asked for; the first row is never told, and the token that was
 * generated is not listed. Names of candidates
 * are their texts, so one whose text several tokens share cannot be had.
 */
export function echoedTokens(completion: unknown): readonly EchoedToken[] {
  const { choices } = completionSchema.parse(completion);
  const { tokens, token_logprobs, top_logprobs } = (choices[0] as (typeof choices)[number]).logprobs;
  return tokens.map((token, index) => ({
    token,
    told: token_logprobs[index] ?? null,
    corrected: top_logprobs[index - 1]?.[token] ?? null,
  }));
}

/** Differences of paired numbers: how far they lie apart on average and at the most; nats. */
export interface Apart {
  readonly pairs: number;
  readonly mean: number;
  readonly most: number;
}

export function apart(pairs: readonly (readonly [number, number])[]): Apart {
  const differences = pairs.map(([left, right]) => Math.abs(left - right));
  const sum = differences.reduce((total, one) => total + one, 0);
  return {
    pairs: pairs.length,
    mean: pairs.length > 0 ? sum / pairs.length : Number.NaN,
    most: Math.max(...differences, Number.NEGATIVE_INFINITY),
  };
}
