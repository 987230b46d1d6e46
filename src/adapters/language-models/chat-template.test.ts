import { expect, it } from "vitest";
import { renderChat } from "./chat-template.ts";

const MESSAGES = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Hi" },
] as const;

it("L6: named chat templates render as their models' own do", () => {
  // SmolLM2 and Qwen2 tokenizer_config.json; Meta, "Llama 3 model cards and prompt formats".
  expect(renderChat("chatml", MESSAGES)).toBe(
    "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
  );
  expect(renderChat("llama3", MESSAGES)).toBe(
    "<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
  );
  expect(renderChat("plain", MESSAGES)).toBe("System: Be brief.\n\nUser: Hi\n\nAssistant:\n");
});
