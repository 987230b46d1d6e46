/** Names that tell where a model comes from, wherever they stand in its own. */
const FAMILIES: readonly (readonly [family: string, name: RegExp])[] = [
  ["claude", /claude/],
  ["gpt", /gpt|chatgpt|(^|[^a-z])o[134]([^a-z0-9]|$)|davinci/],
  ["gemini", /gemini|gemma|palm/],
  ["llama", /llama|vicuna|alpaca/],
  ["mistral", /mi[sx]tral|ministral|codestral|magistral/],
  ["qwen", /qwen|qwq/],
  ["deepseek", /deepseek/],
  ["phi", /(^|[^a-z])phi([^a-z]|$)/],
  ["command", /command-?r|cohere|aya/],
  ["smollm", /smollm/],
];

/**
 * The family that a model's name tells, so that two judges of one are not taken for two (K5); without a known name the
 * name itself, as far as its version. A distilled or fine-tuned model may belong to another: whoever knows says so.
 *
 * `spec`, or a coder's name: `openai:meta-llama/Llama-3.1-8B-Instruct` gives `llama`.
 */
export function familyOfModel(spec: string): string {
  if (spec === "likelihood") return "smollm";
  const name = (spec.replace(/^(?:judge|likelihood):/, "").replace(/^[a-z]+:/, "") || spec).toLowerCase();
  const file = name.split(/[/\\]/).at(-1) ?? name;
  const known = (text: string) => FAMILIES.find(([, pattern]) => pattern.test(text))?.[0];
  return known(file) ?? known(name) ?? (file.replace(/[-_.:@]?v?\d.*$/, "") || file);
}
