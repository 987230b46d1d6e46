import {
  type Prediction,
  type PredictionAnalysis,
  type PredictionScheme,
  SUMMARIES,
} from "../../../model/prediction.ts";
import { headline } from "../../predict/predict.ts";
import { estimateCell, estimateCells, estimateTable, numberCell, textCell } from "../estimate-table.ts";
import { type Html, html } from "../html-text.ts";
import { type DrawingDocument, intervalPlot, type Series } from "../interval-plot.ts";
import { countText, numberText, pText } from "../number-text.ts";
import { pageOf } from "../page.ts";
import { type Fact, madeSection } from "../reading-section.ts";
import {
  analysisAnswer,
  capital,
  errorText,
  exchangeText,
  outcomeName,
  PREDICTOR_NAMES,
  predictionLimits,
  SUMMARY_MEANINGS,
  valueStyle,
} from "./prediction-findings.ts";
import { scatterPlot } from "./scatter-plot.ts";

const SKILL: Series = { name: "skill", symbol: "circle", filled: true, colour: "var(--cue)" };

/** The report of a prediction: one HTML page that needs nothing from anywhere (P14). */
export function renderPredictionPage(
  prediction: Prediction,
  { document }: { readonly document: DrawingDocument },
): string {
  const { analyses } = prediction;
  const links = [
    ...analyses.map((analysis, at) => [`of-${at + 1}`, capital(outcomeName(analysis))] as const),
    ["power", "How many models"],
    ["limits", "What it does not show"],
    ["made", "What made it"],
  ] as const;
  return pageOf({
    title: "Do neutral profiles foretell stressed severity?",
    header: pageHead(prediction),
    navigation: html`<nav aria-label="On this page"><ul>${links.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>`,
    main: html`${analyses.map((analysis, at) => analysisSection(analysis, at, document))}${powerSection(prediction)}${limitSection(prediction)}${provenance(prediction)}`,
    footer: html`Made by dashpot ${prediction.dashpot} from finished runs. Beside this page: prediction.json has every number.`,
  });
}

function pageHead(prediction: Prediction): Html {
  const { profiles, stress, analyses, seed } = prediction;
  const facts = [
    ["profiles", `${profiles.files.length} by ${profiles.format}, ${profiles.set} set`],
    ["bank", `${profiles.bank.id} ${profiles.bank.version}`],
    ["severity", stress ? `suite ${stress.suite.id} ${stress.suite.version}, ${stress.set} set` : "published rates"],
    ["seed", String(seed)],
  ] as const;
  return html`<p class="eyebrow">Does what a model does uncued foretell what it does under pressure?</p>
<h1>Neutral profile and stressed severity</h1>
${analyses.map((analysis) => html`<p class="${analysis.answer === "foretells" ? "answer" : "answer alert"}">${analysisAnswer(analysis, prediction).map((sentence) => html`${sentence} `)}</p>`)}
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function analysisSection(analysis: PredictionAnalysis, at: number, document: DrawingDocument): Html {
  const id = `of-${at + 1}`;
  const { sources, schemes } = analysis;
  const fitted =
    schemes.length === 0
      ? null
      : html`${scatterPart(analysis, document)}${schemes.map((scheme) => schemePart(scheme, analysis, document))}${slopePart(analysis)}`;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${capital(outcomeName(analysis))}</h2>
<p>${shownSources(sources)}</p>${fitted}${modelPart(analysis)}${leftOutPart(analysis)}</section>`;
}

/** Each as a text of its own, so that none is cut for the others' length. */
function shownSources(sources: readonly string[]): Html[] {
  return sources.map(
    (source, at) => html`${at === 0 ? capital(source) : `; ${source}`}${at === sources.length - 1 ? "." : ""}`,
  );
}

function scatterPart(analysis: PredictionAnalysis, document: DrawingDocument): Html {
  const plot = scatterPlot({
    ...{ document, analysis },
    alternative: `Predicted against observed ${outcomeName(analysis)} of ${analysis.cases.length} models`,
  });
  return html`<h3>Predicted and observed</h3><p>Every model predicted from the others alone. Blue: by the profile, with the 95 % interval of what was observed; numbers are those of the table below. Orange: by the mean of the others. On the broken line both are the same.</p><figure>${plot}</figure>`;
}

function schemePart(scheme: PredictionScheme, analysis: PredictionAnalysis, document: DrawingDocument): Html {
  const { leftOut, predictors, permutations, chanceError } = scheme;
  const main = headline(analysis) === scheme ? "The answer rests on this. " : "";
  const chance =
    chanceError === null
      ? ""
      : ` Of the mean's squared error binomial error alone accounts for ${numberText(chanceError, "share")}, which nothing can predict.`;
  const told = predictors.filter(({ reason }) => reason === null);
  const rows = predictors.map(({ predictor, reason, skill, p, meanAbsoluteError, profileAgainst }) => ({
    name: PREDICTOR_NAMES[predictor],
    cells: reason
      ? [textCell(reason)]
      : [
          ...estimateCells(skill, "score", 0).slice(0, 2),
          numberCell(pText(p)),
          numberCell(errorText(meanAbsoluteError, analysis)),
          numberCell(numberText(profileAgainst, "score")),
        ],
  }));
  const mean = {
    name: "mean of the others",
    cells: [
      numberCell("0"),
      numberCell("–"),
      numberCell("–"),
      numberCell(errorText(scheme.meanAbsoluteError, analysis)),
      null,
    ],
  };
  const plot = intervalPlot({
    document,
    alternative: `Skill of each predictor, one ${leftOut} left out at a time, with intervals`,
    style: "score",
    groups: told.map(({ predictor }) => PREDICTOR_NAMES[predictor]),
    points: told.map(({ predictor, skill }) => ({ group: PREDICTOR_NAMES[predictor], series: SKILL, estimate: skill })),
    axis: "skill: 0 is the mean of the others, 1 without error",
  });
  return html`<h3>One ${leftOut} left out at a time</h3><p>${main}Skill is the share of the squared error of the mean of the others that a predictor takes away; below 0 it adds to it. p: ${countText(permutations)} times outcomes changed places between ${exchangeText(scheme)} and the whole procedure ran again.${chance}</p>
<div class="pair"><figure>${plot}</figure>${estimateTable({ caption: `Skill out of sample, one ${leftOut} left out`, corner: "predicted by", columns: ["skill", "95 % interval", "p", "mean error", "profile against it"], rows: [...rows, mean] })}</div>`;
}

function slopePart({ slopes, unit }: PredictionAnalysis): Html | null {
  if (slopes === null) return null;
  const rows = SUMMARIES.map((name, at) => ({
    name,
    cells: [textCell(SUMMARY_MEANINGS[name]), numberCell(numberText(slopes[at] ?? null, "nats"))],
  }));
  const scale =
    unit === "nats" ? "nats" : "radians of arcsin √rate, of which 0.1 is about 10 percentage points near one half";
  return html`<h3>The four summaries</h3><p>Slopes of the fit to all models, for one standard deviation of each, in ${scale}. They are shrunk towards 0 and have no interval: which of the four carries a relation is not told.</p>${estimateTable({ caption: "What the profile is summarised by", corner: "summary", columns: ["value", "slope"], rows })}`;
}

function modelPart(analysis: PredictionAnalysis): Html | null {
  const { cases, headline: left } = analysis;
  if (cases.length === 0) return null;
  const style = valueStyle(analysis);
  const rows = cases.map(({ cluster, states, family, size, summaries, refusalRate, observed, predicted }, at) => ({
    name: `${at + 1} ${cluster}${states.length > 1 ? ` (${states.length} states)` : ""}`,
    cells: [
      estimateCell(observed, style),
      numberCell(numberText(predicted[left], style)),
      ...summaries.map((value) => numberCell(numberText(value, "nats"))),
      numberCell(numberText(refusalRate, "share")),
      numberCell(family ?? "–"),
      numberCell(size === null ? "–" : sizeText(size)),
    ],
  }));
  return html`<h3>The models</h3>${estimateTable({ caption: "Observed and predicted severity, and what it was predicted by", corner: "model", columns: ["observed", "predicted", ...SUMMARIES, "refused", "family", "size"], rows })}`;
}

/** `135M`, `1.7B`. */
function sizeText(size: number): string {
  const [unit, name] = (
    [
      [1e12, "T"],
      [1e9, "B"],
      [1e6, "M"],
      [1e3, "K"],
    ] as const
  ).find(([least]) => size >= least) ?? [1, ""];
  return `${Number((size / unit).toPrecision(3))}${name}`;
}

function leftOutPart({ leftOut }: PredictionAnalysis): Html | null {
  if (leftOut.length === 0) return null;
  return html`<h3>Left out</h3><ul>${leftOut.map(({ model, reason }) => html`<li>${model}: ${reason}</li>`)}</ul>`;
}

function powerSection({ power }: Prediction): Html {
  const rows = power.rows.map((row) => ({
    name: String(row.models),
    cells: row.power.map((one) => numberCell(numberText(one, "share"))),
  }));
  return html`<section aria-labelledby="power"><h2 id="power">How many models</h2><p>How often as many models would give p of at most 0.05, if severity and a mixture of the four summaries correlated so strongly; simulated.</p>${estimateTable({ caption: "Power by number of models and correlation", corner: "models", columns: power.correlations.map(String), rows })}</section>`;
}

function limitSection(prediction: Prediction): Html {
  const { leftOut } = prediction;
  const runs =
    leftOut.length === 0
      ? null
      : html`<h3>Runs and measures left out</h3><ul>${leftOut.map(({ what, reason }) => html`<li>${what}: ${reason}</li>`)}</ul>`;
  return html`<section aria-labelledby="limits"><h2 id="limits">What it does not show</h2><ul>${predictionLimits(prediction).map((limit) => html`<li>${limit}</li>`)}</ul>${runs}</section>`;
}

function provenance({ profiles, stress, tables, seed, draws, dashpot }: Prediction): Html {
  const facts: readonly Fact[] = [
    ...profiles.files.map(({ model, sha256 }): Fact => [`profile of ${model}`, sha256]),
    ["bank SHA-256", profiles.bank.hash],
    ["stress suite SHA-256", stress?.suite.hash],
    ["conditions", stress?.conditions.join("; ")],
    ["scenarios", stress ? String(stress.scenarios) : null],
    ["table of outcomes SHA-256", tables.outcomes],
    ["table of models SHA-256", tables.models],
    ["seed", String(seed)],
    ["permutations", String(draws)],
    ["dashpot", dashpot],
  ];
  return madeSection(facts);
}
