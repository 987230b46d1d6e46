import { stringify } from "yaml";
import type { Card, StressSection } from "../../model/card.ts";
import { LABEL_NAMES, LABELS, MODES, ROWS } from "../../model/label.ts";
import type { Estimate } from "../../model/profile.ts";
import { shownText } from "../../model/shown-text.ts";
import { differenceStyle, QUANTITY_NAMES, quantityStyle, RESPONSE_TEXT, type Response } from "./findings.ts";
import { intervalText, type NumberStyle, numberText, sizeText } from "./number-text.ts";

/**
 * `card.md`: Markdown with a YAML head that carries Hugging Face's `model-index` (huggingface/hub-docs, modelcard.md), so
 * that it can be put into a model's README; none for a model that answers by place.
 */
export function renderCardMarkdown(card: Card): string {
  return [`---\n${frontMatter(card)}---`, ...body(card)].join("\n\n").concat("\n");
}

function frontMatter(card: Card): string {
  const tags = ["dashpot", "relational-bias"];
  // Numbers that are of the place of letters would be read as the model's by whoever reads no text.
  if (card.answersByPosition) return stringify({ tags: [...tags, "answers-by-position"] }, { lineWidth: 0 });
  const head = {
    tags,
    "model-index": [
      {
        name: shownText(card.model.name, 200),
        results: [
          {
            task: { type: "text-generation", name: "Response to relational cues" },
            dataset: {
              type: shownText(card.bank.id, 100),
              name: `Dashpot relational bank ${shownText(card.bank.id, 100)} ${shownText(card.bank.version, 40)}`,
              config: card.format,
              split: card.set,
              args: { sha256: card.bank.hash, ...(card.lost === "" ? {} : { lost_answers: card.lost }) },
            },
            metrics: metricsOf(card),
          },
        ],
      },
    ],
  };
  return stringify(head, { lineWidth: 0 });
}

function metricsOf(card: Card) {
  const responses = MODES.map((mode) =>
    metric(
      `relational-responsiveness-${mode}`,
      `Responsiveness to ${LABEL_NAMES[mode]} (cue minus decoy)`,
      card.responsiveness.unit,
      card.responsiveness.modes[mode].responsiveness,
    ),
  );
  const biases = LABELS.map((label) => {
    const against = card.bias.reference ? `against ${shownText(card.bias.reference.name, 40)}` : "against zero";
    return metric(
      `relational-bias-${label}`,
      `Uncued bias towards ${LABEL_NAMES[label]} (${against})`,
      card.bias.unit,
      card.bias.labels[label],
    );
  });
  return [...responses, ...biases].filter((one) => one !== null);
}

/** Hugging Face refuses a metric without a value, so what could not be estimated stands in the text only. */
function metric(type: string, name: string, unit: string, { value, low, high, n, missing, method }: Estimate) {
  if (value === null) return null;
  return {
    type: type.toLowerCase(),
    name,
    value,
    args: { unit, low, high, n, missing, method: shownText(method, 200) },
  };
}

function body(card: Card): string[] {
  const { matrix, bias, responsiveness, model, bank } = card;
  const style = quantityStyle(matrix.quantity);
  const matrixRows = ROWS.map((row) => [row, ...LABELS.map((label) => cellText(matrix.cells[row][label], style))]);
  const difference = differenceStyle(bias.unit);
  const against = bias.reference ? `against ${markdownText(bias.reference.name)}` : "against zero";
  return [
    `# Relational bias card: ${markdownText(model.spec)}`,
    `**${markdownText(card.answer)}**`,
    `Format ${card.format}, set ${card.set}, bank ${markdownText(bank.id)} ${markdownText(bank.version)}, ${card.design.situations} situations in ${card.design.domains} domains, seed ${card.seed}, dashpot ${markdownText(card.dashpot)}.`,
    "## Replies by cue",
    `Each cell: ${QUANTITY_NAMES[matrix.quantity]}, 95 % interval, n and missing. Rows are cues, columns are replies.`,
    table(["cue", ...LABELS.map((label) => label)], matrixRows),
    "## Response to each way of relating",
    "Responsiveness is the effect of the cue minus that of a decoy with the same words.",
    table(
      ["mode", "responsiveness", "finding"],
      MODES.map((mode) => [
        LABEL_NAMES[mode],
        cellText(responsiveness.modes[mode].responsiveness, differenceStyle(responsiveness.unit)),
        findingOf(card, mode),
      ]),
    ),
    `## Uncued bias ${against}`,
    table(
      ["label", "bias"],
      LABELS.map((label) => [LABEL_NAMES[label], cellText(bias.labels[label], difference)]),
    ),
    markdownText(bias.remark),
    ...(card.stress ? stressBody(card.stress) : []),
    "## Missing",
    `${card.silence.refusals} refused, ${card.silence.unparsable} unparsable, ${card.silence.empty} empty, ${card.silence.failures} failed.${card.lost === "" ? "" : ` By cue: ${card.lost}; shares are of the answers left.`}`,
    "## Limits",
    card.limits.map((limit) => `- ${markdownText(limit)}`).join("\n"),
    "## What made it",
    [
      `- profile.json SHA-256 \`${card.profile}\``,
      `- bank SHA-256 \`${bank.hash}\``,
      `- plan SHA-256 \`${card.plan}\``,
      model.sha256 ? `- model SHA-256 \`${model.sha256}\`` : null,
    ]
      .filter((line) => line !== null)
      .join("\n"),
    "Check it with `dashpot card verify card.dsse.json --key PUB`.",
  ];
}

function stressBody({ answer, suite, set, design, curves, limits, record }: StressSection): string[] {
  return [
    "## Under pressure",
    `**${markdownText(answer)}**`,
    `Suite ${markdownText(suite.id)} ${markdownText(suite.version)}, set ${set}, design ${markdownText(design)}; rung 7 and above is coercive.`,
    table(
      ["asked by", "factor", "finding", "at the highest level"],
      curves.map(({ measure, factor, text, top }) => [
        measure,
        factor,
        markdownText(text),
        top ? `${top.level}: ${cellText(top.estimate, measure === "score" ? "nats" : "share")}` : "–",
      ]),
    ),
    limits.map((limit) => `- ${markdownText(limit)}`).join("\n"),
    `- card-stress.json SHA-256 \`${record}\``,
  ];
}

function findingOf(card: Card, mode: (typeof MODES)[number]): string {
  const verdict = card.statements.find(({ id }) => id === `response-${mode}`)?.verdict;
  return RESPONSE_TEXT[verdict as Response];
}

function cellText(estimate: Estimate, style: NumberStyle): string {
  if (estimate.value === null) return `empty (${sizeText(estimate)})`;
  return `${numberText(estimate.value, style)} (${intervalText(estimate, style)}; ${sizeText(estimate)})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** One line of text in which nothing is markup, raw HTML or a link. */
export function markdownText(text: string): string {
  return shownText(text, 600)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_[\]#|~$]/g, "\\$&")
    .replace(/(https?|ftp):/gi, "$1&#58;")
    .replace(/@/g, "&#64;")
    .replace(/^(\s*)([-=+])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, "$1\\$2");
}
