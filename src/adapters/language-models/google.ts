import { createGoogleGenerativeAI } from "@ai-sdk/google";
import type { NativeOptions } from "./endpoint.ts";
import { HttpTransport } from "./http-transport.ts";
import { SdkChatModel, transportFetch } from "./sdk-chat.ts";

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
    fetch: transportFetch(transport),
  });
  return new SdkChatModel({
    identity: { spec, provider: "google", name, endpoint: endpoint.address },
    transport,
    model: provider(name),
    clock,
    stopOf: () => undefined,
  });
}
