import { expect, it } from "vitest";
import { openLanguageModel } from "./open-language-model.ts";

const opening = (
  spec: string,
  more: { environment?: Record<string, string>; baseUrl?: string; chatTemplate?: string } = {},
) => openLanguageModel(spec, { environment: {}, home: "/nowhere", ...more });

it.each(["", "gpt", "openai:", "OPENAI:x", "constructor:x", "mistral:large", "embedded:other", ":x"])(
  "F3: the unknown model %j is one coded error that lists what there is",
  async (spec) => {
    const error = await opening(spec, { environment: { OPENAI_API_KEY: "k" } }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "DashpotError", code: "model-spec-unknown", exit: 2 });
    for (const form of [
      "embedded:smollm2-135m",
      "gguf:PATH",
      "openai:NAME",
      "anthropic:NAME",
      "google:NAME",
      "policy:NAME",
    ]) {
      expect((error as Error).message).toContain(form);
    }
  },
);

it.each([
  ["openai:x", "OPENAI_API_KEY"],
  ["anthropic:x", "ANTHROPIC_API_KEY"],
  ["google:x", "GOOGLE_GENERATIVE_AI_API_KEY"],
])("L9: without a key %s says that %s is wanted", async (spec, variable) => {
  await expect(opening(spec)).rejects.toMatchObject({
    code: "key-missing",
    message: expect.stringContaining(variable),
    fix: expect.stringContaining(variable),
  });
  await expect(opening(spec, { environment: { [variable]: "  " } })).rejects.toMatchObject({ code: "key-missing" });
});

it("L9: a key that no header can carry is refused without being shown", async () => {
  const error = await opening("openai:x", { environment: { OPENAI_API_KEY: "geheim\u0000schlüssel" } }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: "key-malformed" });
  expect(`${(error as Error).message}${(error as Error).stack}`).not.toContain("geheim");
});

it("L6: a server of one's own needs no key", async () => {
  const model = await opening("openai:llama:8b", { baseUrl: "http://localhost:11434/v1" });
  expect(model.identity).toEqual({
    spec: "openai:llama:8b",
    provider: "openai",
    name: "llama:8b",
    endpoint: "http://localhost:11434/v1",
  });
  await model.close();
});

it("L8: Google's key may also stand in GEMINI_API_KEY", async () => {
  const model = await opening("google:gemini-3-flash", { environment: { GEMINI_API_KEY: "k" } });
  expect(model.identity).toMatchObject({
    provider: "google",
    endpoint: "https://generativelanguage.googleapis.com/v1beta",
  });
  await model.close();
});

it.each(["nonsense", "ftp://x/v1", "http://user:pass@localhost/v1", "http://localhost/v1?key=s3cret"])(
  "L9: the address %j is refused and not repeated",
  async (baseUrl) => {
    const error = await opening("openai:x", { baseUrl }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "base-url-invalid" });
    expect((error as Error).message).not.toMatch(/s3cret|pass@/);
  },
);

it("F3: options that do not belong to the model are refused", async () => {
  await expect(opening("policy:communal", { baseUrl: "http://localhost" })).rejects.toMatchObject({
    code: "base-url-unused",
  });
  await expect(opening("openai:x", { baseUrl: "http://localhost", chatTemplate: "vicuna" })).rejects.toMatchObject({
    code: "chat-template-unknown",
  });
});
