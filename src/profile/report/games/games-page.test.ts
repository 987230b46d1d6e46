import { parseHTML } from "linkedom";
import { expect, it } from "vitest";
import { gamesReportOf, simulateGames } from "../../../../test/fixtures/games-run.ts";
import type { GamesPlan } from "../../../model/games-run.ts";
import { renderGamesPage } from "./games-page.ts";
import { renderGamesPicture } from "./games-picture.ts";
import { renderGamesSummary } from "./games-summary.ts";

const page = () => ({ document: parseHTML("<!doctype html><html><body></body></html>").document });
const few: Partial<GamesPlan> = { formats: ["score"], parts: ["ladder"] };

it("T29: by score there are nats and no letters, games are said not to be asked, and texts of others stay texts", async () => {
  const report = gamesReportOf(await simulateGames("taker", few), { ...few, model: "policy:<b>\u202e" });
  const shown = { ...report, model: { ...report.model, spec: "policy:<b>\u202e\u001b[2J" } };
  const text = renderGamesPage(shown, page());
  const { document } = parseHTML(text);
  expect(document.querySelector("h1 b")).toBeNull();
  expect(document.querySelectorAll("svg.plot").length).toBe(10);
  expect(document.body.textContent).toContain("Games were not asked: they are asked by letters.");
  expect(document.body.textContent).not.toContain("Places of the letters");
  const summary = renderGamesSummary(shown, { width: 80 });
  expect(summary).toMatch(/yield\s+changes\s+by\s+\+\d/);
  const controls = [...(text + summary + renderGamesPicture(shown, page()))].filter(
    (one) => /[\p{Cc}\p{Cf}]/u.test(one) && one !== "\n",
  );
  expect(controls).toEqual([]);
});

it("T28: a picture of a run without a ladder is of games alone, one of nothing says so", async () => {
  const parts = { parts: ["games"], samples: 1 } as const;
  const report = gamesReportOf(await simulateGames("even-split", parts), parts);
  const picture = renderGamesPicture(report, page());
  expect(picture).toContain("n = 75 results, Oosterbeek et al. 2004");
  expect(picture).not.toContain("The ladder, as");
  expect(renderGamesPage({ ...report, games: [] }, page())).toContain("Nothing was asked.");
});
