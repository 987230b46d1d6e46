import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../house/run-command.ts";
import { ROOT } from "../house/temporary-folder.ts";
import type { VerifySuite } from "./suite.ts";

const BYTES = 1e9;
const QUICK_BYTES = 3e7;
/** Most memory of the process, whatever the file's length. */
const MOST_MEGABYTES = 400;
const HEAP_MEGABYTES = 128;

/** Some 400 bytes a row, as in a chat: a text and what was said before it. */
const BEFORE =
  "them: No, we will not. The date was agreed in March, two of your people signed for it, and nobody told us of another plan until this morning; we have drivers booked, a crane on hire and a customer who waits, so it stays as it is.";
const ROWS = [
  `"I see the point about the crane. Still, pay by Friday, or we will take the matter to court, and that helps neither of us.","${BEFORE}"`,
  `"Thanks for the quick answer, the new date suits everybody here, and the crane can come a day later without extra cost.","${BEFORE}"`,
  `"Could you send the list once more, please? The last one had no prices on it, and the second page was missing as well.","${BEFORE}"`,
];

/** K7: a table of a thousand megabytes is coded at bounded memory. */
export const suite: VerifySuite = {
  name: "transcripts",
  proves: ["K7", "K9"],
  title: "A long transcript is coded at bounded memory",
  budgetMinutes: 30,
  model: "none",
  doc: "docs/coding.md",
  section: "transcripts",
  run: async ({ log, quick }) => {
    const folder = mkdtempSync(join(tmpdir(), "dashpot-transcript-"));
    try {
      const path = join(folder, "texts.csv");
      const rows = writeLong(path, quick ? QUICK_BYTES : BYTES);
      const megabytes = Math.round(statSync(path).size / 1e6);
      log(`${rows} texts, ${megabytes} MB`);
      const began = performance.now();
      const { code, stderr } = await runCommand(
        "/bin/sh",
        [
          "-c",
          `"${process.execPath}" --max-old-space-size=${HEAP_MEGABYTES} --import "${join(ROOT, "test", "verify", "peak-memory.js")}" "${join(ROOT, "bin", "dashpot.js")}" code "${path}" --coder rules > "${join(folder, "codes.csv")}"`,
        ],
        {
          cwd: folder,
        },
      );
      const seconds = (performance.now() - began) / 1000;
      const peak = Number(/peak-memory (\d+)/.exec(stderr)?.[1] ?? Number.NaN);
      const told = Number(/Coded: ([\d,]+) texts/.exec(stderr)?.[1]?.replaceAll(",", "") ?? Number.NaN);
      const holds = code === 0 && told === rows && peak <= MOST_MEGABYTES;
      const table = [
        "| file | texts | coded | most memory | asked for | time |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
        `| ${megabytes} MB | ${rows} | ${told} | ${peak} MB | ≤ ${MOST_MEGABYTES} MB | ${seconds.toFixed(0)} s |`,
      ].join("\n");
      return { table, holds };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** A CSV table of about so many bytes; how many rows it has. */
function writeLong(path: string, bytes: number): number {
  const file = openSync(path, "w");
  try {
    let written = writeSync(file, "unit,text,context\n");
    let rows = 0;
    while (written < bytes) {
      const block = Array.from({ length: 3000 }, () => `u${rows},${ROWS[rows++ % ROWS.length]}\n`).join("");
      written += writeSync(file, block);
    }
    return rows;
  } finally {
    closeSync(file);
  }
}
