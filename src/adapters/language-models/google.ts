import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { z } from "zod";
import type { NativeOptions } from "./endpoint.ts";
import { HttpTransport } from "./http-transport.ts";
import { type FirstToken, SdkChatModel, transportFetch } from "./sdk-chat.ts";

export const GOOGLE_ADDRESS = "https://generativelanguage.googleapis.com/v1beta";

/** A model behind Google's Generative Language API (L8). Reference: Gemini API, "models.generateContent". */
export function openGoogleModel({ spec, name, baseUrl, key, clock, timeoutMs }: NativeOptions): SdkChatModel {
  const endpoint = {
    address: baseUrl.origin + baseUrl.pathname,
    model: name,
    keyVariable: "GOOGLE_GENERATIVE_AI_API_KEY",
    secrets: [key],
  };
  const transport = new HttpTransport({ ...endpoint, baseUrl, headers: {}, clock, timeoutMs });
  const provider = createGoogleGenerativeAI({
    apiKey: key,
    baseURL: endpoint.address.replace(/\/+$/, ""),
    fetch: transportFetch(transport, FIRST_TOKEN),
  });
  return new SdkChatModel({
    identity: { spec, provider: "google", name, endpoint: endpoint.address },
    transport,
    model: provider(name),
    clock,
    stopOf: () => undefined,
    firstToken: FIRST_TOKEN,
  });
}

const logprobsSchema = z.object({
  candidates: z.tuple(
    [
      z.object({
        logprobsResult: z.object({
          topCandidates: z.tuple(
            [z.object({ candidates: z.array(z.object({ token: z.string(), logProbability: z.number() })) })],
            z.unknown(),
          ),
        }),
      }),
    ],
    z.unknown(),
  ),
});

const MOST_CANDIDATES = 20;

/** `GenerationConfig.responseLogprobs` and `logprobs`, answered as `Candidate.logprobsResult`; some models refuse them. */
const FIRST_TOKEN: FirstToken = {
  ask: ({ generationConfig, ...body }) => ({
    ...body,
    generationConfig: {
      ...(generationConfig as object | undefined),
      responseLogprobs: true,
      logprobs: MOST_CANDIDATES,
    },
  }),
  read: (body) => {
    const parsed = logprobsSchema.safeParse(body);
    return parsed.data?.candidates[0].logprobsResult.topCandidates[0].candidates.map(({ token, logProbability }) => ({
      token,
      logprob: logProbability,
    }));
  },
};
