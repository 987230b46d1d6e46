import { createAnthropic } from "@ai-sdk/anthropic";
import type { NativeOptions } from "./endpoint.ts";
import { HttpTransport } from "./http-transport.ts";
import { SdkChatModel, transportFetch } from "./sdk-chat.ts";

export const ANTHROPIC_ADDRESS = "https://api.anthropic.com/v1";

/** A model behind Anthropic's Messages API (L8). Reference: Anthropic API, "Create a Message". */
export function openAnthropicModel({ spec, name, baseUrl, key, clock, timeoutMs }: NativeOptions): SdkChatModel {
  const endpoint = {
    address: baseUrl.origin + baseUrl.pathname,
    model: name,
    keyVariable: "ANTHROPIC_API_KEY",
    secrets: [key],
  };
  const transport = new HttpTransport({ ...endpoint, baseUrl, headers: {}, clock, timeoutMs });
  const provider = createAnthropic({
    apiKey: key,
    baseURL: endpoint.address.replace(/\/+$/, ""),
    fetch: transportFetch(transport),
  });
  return new SdkChatModel({
    identity: { spec, provider: "anthropic", name, endpoint: endpoint.address },
    transport,
    model: provider(name),
    clock,
    stopOf: (raw) => (raw === "refusal" ? "refusal" : undefined),
  });
}
