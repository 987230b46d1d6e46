import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Dashpot, quickstart } from "../../scripts/quickstart.ts";
import { temporaryFolder, writeFiles } from "./temporary-folder.ts";

const FIRST = join("dashpot-runs", "quickstart");
const SECOND = join("dashpot-runs", "quickstart-2");

/** A command that keeps count of its calls and does in a folder what the real one leaves there. */
function standIn(root: string, ends: { profile?: number[]; resume?: number[] } = {}) {
  const calls: string[] = [];
  const profile = [...(ends.profile ?? [])];
  const resume = [...(ends.resume ?? [])];
  const dashpot: Dashpot = async (...parameters) => {
    calls.push(parameters.join(" "));
    const [name] = parameters;
    if (name === "keys") writeFiles(root, { [parameters[3] as string]: "key" });
    if (name !== "profile" && name !== "resume") return 0;
    const folder = name === "profile" ? (parameters[5] as string) : (parameters[1] as string);
    const code = (name === "profile" ? profile : resume).shift() ?? 0;
    writeFiles(root, { [join(folder, "journal.sqlite")]: "" });
    if (code === 0) {
      writeFiles(
        root,
        Object.fromEntries(
          ["report.html", "card.html", "card.dsse.json", "picture.png"].map((file) => [join(folder, file), ""]),
        ),
      );
    }
    return code;
  };
  const printed: string[] = [];
  return { calls, printed, run: () => quickstart(root, dashpot, (line) => void printed.push(line)) };
}

it("H5: quickstart profiles the embedded model and says where page, card and picture are and how the card is checked", async () => {
  const root = temporaryFolder();
  const { calls, printed, run } = standIn(root);
  expect(await run()).toBe(0);
  expect(calls).toEqual([
    `profile embedded:smollm2-135m --set quick --out ${FIRST}`,
    `keys export --out ${join(FIRST, "public-key.pem")}`,
  ]);
  for (const file of ["report.html", "card.html", "card.dsse.json", "picture.png"]) {
    expect(printed.some((line) => line.endsWith(join(FIRST, file)))).toBe(true);
  }
  expect(printed.at(-1)).toBe(
    `check  npx dashpot card verify ${join(FIRST, "card.dsse.json")} --key ${join(FIRST, "public-key.pem")}`,
  );
});

it("H5: called again after it finished, quickstart measures nothing and shows the same", async () => {
  const root = temporaryFolder();
  await standIn(root).run();
  const { calls, printed, run } = standIn(root);
  expect(await run()).toBe(0);
  expect(calls).toEqual([]);
  expect(printed[0]).toContain("was measured before");
  expect(printed.at(-1)).toContain("card verify");
});

it("H5: interrupted, quickstart ends with 3, and goes on when called again", async () => {
  const root = temporaryFolder();
  const first = standIn(root, { profile: [3] });
  expect(await first.run()).toBe(3);
  expect(first.printed.at(-1)).toContain("goes on from here");
  const second = standIn(root);
  expect(await second.run()).toBe(0);
  expect(second.calls[0]).toBe(`resume ${FIRST}`);
});

it("H5: a run that cannot be gone on with is left where it is, and another is begun beside it", async () => {
  const root = temporaryFolder();
  await standIn(root, { profile: [3] }).run();
  const second = standIn(root, { resume: [2], profile: [3] });
  expect(await second.run()).toBe(3);
  expect(second.calls).toEqual([`resume ${FIRST}`, `profile embedded:smollm2-135m --set quick --out ${SECOND}`]);
  expect(existsSync(join(root, FIRST, "journal.sqlite"))).toBe(true);
  const third = standIn(root);
  expect(await third.run()).toBe(0);
  expect(third.calls[0]).toBe(`resume ${SECOND}`);
});

it("H5: a failure of the command is the failure of quickstart", async () => {
  expect(await standIn(temporaryFolder(), { profile: [2] }).run()).toBe(2);
});
