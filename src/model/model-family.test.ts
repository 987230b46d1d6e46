import { expect, it } from "vitest";
import { familyOfModel } from "./model-family.ts";

it("K25: a model's name tells its family, whoever serves it; an unknown one is a family of its own", () => {
  const families = {
    "openai:gpt-5.2-mini": "gpt",
    "openai:o3": "gpt",
    "openai:meta-llama/Llama-3.1-8B-Instruct": "llama",
    "judge:openai:Meta-Llama-3-70B": "llama",
    "anthropic:claude-opus-4-5": "claude",
    "google:gemini-3-pro": "gemini",
    "gguf:/models/qwen2.5-7b-q4.gguf": "qwen",
    "openai:mistralai/Mixtral-8x7B": "mistral",
    "embedded:smollm2-135m": "smollm",
    likelihood: "smollm",
    "openai:my-own-v2": "my-own",
    "openai:my-own-v3": "my-own",
    "openai:photo3": "photo",
  };
  for (const [name, family] of Object.entries(families)) expect(familyOfModel(name), name).toBe(family);
  // The file's name counts before the folder that it lies in.
  expect(familyOfModel("gguf:/home/llama/models/qwen3.gguf")).toBe("qwen");
});
