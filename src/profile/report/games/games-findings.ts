import { ROLE_ROWS } from "../../../model/games.ts";
import type {
  GameAnchor,
  GameReading,
  GameResult,
  GamesReport,
  LadderResult,
  LadderSeries,
} from "../../../model/games-report.ts";
import type { Estimate } from "../../../model/profile.ts";
import { shownText } from "../../../model/shown-text.ts";
import { PRIMARY } from "../../stress/games/estimate-ladder.ts";
import { standing } from "../findings.ts";
import { countText, intervalText, type NumberStyle, numberText, pText } from "../number-text.ts";

export const ROLE_NAMES = { moves: "as the one who moves", answers: "as the one who answers" } as const;
/** What varies from row to row. */
export const ROW_NAMES = { moves: "asymmetry", answers: "step" } as const;
export const FORMAT_NAMES = { choice: "choice of one of four lettered replies", score: "scores of the texts" } as const;

export function ladderStyle({ unit }: Pick<LadderResult, "unit">): NumberStyle {
  return unit === "nats" ? "nats" : "share";
}

export function trendStyle({ unit }: Pick<LadderResult, "unit">): NumberStyle {
  return unit === "nats" ? "nats" : "points";
}

/** Where nothing can be told, why. */
export function readingText({ verdict, place, content }: GameReading): string {
  if (verdict === "empty" || !place || !content) return "nothing was answered, so nothing can be told";
  if (verdict === "place")
    return `answers go by the place of a letter, not by what stands there (p ${pText(place.p)}): nothing can be told`;
  if (verdict === "blind")
    return `no dependence on what stands at a letter could be told (p ${pText(content.p)}): nothing can be told`;
  return place.p <= 0.01
    ? "answers go by what stands at a letter; its place sways them, and every option stood at every place equally often"
    : "answers go by what stands at a letter";
}

export function isTold({ reading }: { readonly reading: GameReading | null }): boolean {
  return reading === null || reading.verdict === "content";
}

/** `rises at every step (p 0.003)`, `cannot tell (p 0.210)`. */
export function claimText({ verdict, adjusted }: LadderSeries): string {
  return adjusted === null ? verdict : `${verdict} (p ${pText(adjusted)})`;
}

/** `25.9 % of the pot given in the mean (n = 13,232; Mei et al. 2024, data)`. */
export function anchorText({ value, what, n, counted, source }: GameAnchor): string {
  const percent = Number((value * 100).toFixed(1));
  return `${percent} % ${what} (${anchorSize({ n, counted })}; ${source})`;
}

/** `n = 13,232`, `n = 75 results`, `n not told`. */
export function anchorSize({ n, counted }: Pick<GameAnchor, "n" | "counted">): string {
  return n === null ? "n not told" : `n = ${countText(n)}${counted ? ` ${counted}` : ""}`;
}

export const NO_ANCHOR = "no published value of people is kept for it";

/** The first findings in plain words, a sentence each: how the ladder goes, and what is divided. */
export function gamesAnswer(report: GamesReport): readonly string[] {
  const said = [...report.ladder.map(ladderSentence), gamesSentence(report.games)].filter((one) => one !== "");
  return said.length === 0 ? ["Nothing was asked."] : said;
}

function ladderSentence(result: LadderResult): string {
  const { role, format, series, reading } = result;
  const head = `${capital(ROLE_NAMES[role])}, by ${format === "choice" ? "letters" : "scores"}: `;
  if (!isTold(result)) return `${head}${readingText(reading as GameReading)}.`;
  const told = series.find(({ name }) => name === PRIMARY[role]) as LadderSeries;
  const rows = ROLE_ROWS[role];
  const style = ladderStyle(result);
  const [from, to] = [told.values[0], told.values.at(-1)] as [Estimate, Estimate];
  const [first, last] = [from, to].map(({ value }) => numberText(value, style));
  const way =
    format === "choice"
      ? `${told.name} goes from ${first} at ${ROW_NAMES[role]} ${rows[0]} to ${last} at ${rows.at(-1)}`
      : `${told.name} changes by ${last} nats (${intervalText(to, style)}) from ${ROW_NAMES[role]} ${rows[0]} to ${rows.at(-1)}`;
  const claim = told.verdict === "cannot tell" ? "which way it goes from row to row cannot be told" : told.verdict;
  return `${head}${way}; ${claim}${told.adjusted === null ? "" : `, p ${pText(told.adjusted)}`}.`;
}

function gamesSentence(games: readonly GameResult[]): string {
  if (games.length === 0) return "";
  const told = games.filter(isTold);
  const lost = games.length - told.length;
  if (told.length === 0) return "Of the games nothing can be told: letters are not chosen by what stands at them.";
  const said = told.map(({ quantity, mean }) => `${quantity} ${numberText(mean.value, "share")}`);
  const rest = lost === 0 ? "" : ` Of ${lost} ${lost === 1 ? "game" : "games"} nothing can be told.`;
  return `In games, means: ${said.join("; ")}.${rest}`;
}

/** Share of the probability that the likeliest place takes, and how much each would have if place made no difference. */
export function placeText({ byPlace }: GameReading): string {
  if (byPlace.length === 0) return "–";
  const most = Math.max(...byPlace);
  const letter = String.fromCharCode(65 + byPlace.indexOf(most));
  return `${letter} ${numberText(most, "share")} (even: ${numberText(1 / byPlace.length, "share")})`;
}

/** `44 % (36 to 52 %, n 6 frames)`. */
export function meanText({ mean }: GameResult): string {
  return `${numberText(mean.value, "share")} (${intervalText(mean, "share")} over ${mean.n} frames)`;
}

/** Whether a trend can be told from 0. */
export function isTrending({ trend }: LadderSeries): boolean {
  return ["above", "below"].includes(standing(trend, 0));
}

/** What the numbers do not say. */
export function gamesLimits(report: GamesReport): readonly string[] {
  const { model, ladder, games, formats, set } = report;
  const limits: (string | false)[] = [
    model.provider === "policy" &&
      "This is a reference policy, made to be found out: nothing here is about a language model.",
    model.provider === "embedded" &&
      `${shownText(model.name, 60)} is a very small model, which cannot do lettered choice: where it answers by the place of a letter, the numbers beside say nothing of it. They say nothing of what larger models do.`,
    games.length > 0 &&
      "Values of people stand beside as points with their n. They are what was published of people in other words, for other stakes: no norm, no target, and nothing is scored by how near it comes.",
    games.length > 0 &&
      "Who takes letters blindly passes on one half in the mean, since the tenths do. That is why a game is told only where answers go by what stands at a letter, and why its distribution stands beside its mean.",
    games.some(({ anchors }) => anchors.length === 0) &&
      "Games without a published value show none: trust and public goods are such.",
    ladder.length > 0 &&
      "Rises, falls or turns is claimed only where it can be told over exchanges: every step up, every step down, or one of each. That it cannot be told does not make it level.",
    formats.includes("score") &&
      ladder.length > 0 &&
      "Under score, whatever words a row shares with a text can move that text: a rise may be topic. Values are nats against the other options relative to the first row, and no share.",
    "Rates by Wilson take answers as independent; intervals of means are over exchanges, or frames, and speak of others like these.",
    "Nothing is at stake here, no money is paid, and a model may know these games from what it has read, whatever the words.",
    set === "quick" &&
      ladder.length > 0 &&
      "Quick set: every exchange from one side, in turn, and one wording of each step and reply.",
    games.length === 0 && "Games were not asked: they are asked by letters.",
  ];
  return limits.filter((limit) => limit !== false);
}

/** With a capital to begin with. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
