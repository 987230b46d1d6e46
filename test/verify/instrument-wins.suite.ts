import { join } from "node:path";
import { ourBankPath, readBank } from "../../src/adapters/bank-files.ts";
import { readProfile } from "../../src/adapters/references.ts";
import { chooseSituations } from "../../src/profile/design.ts";
import type { VerifySuite } from "./suite.ts";
import { DECOY_HEAD, decoyLines, tablesOf, validationLines, winHead, winLine } from "./win-table.ts";

/** I20: wins of the cued mode on our bank and cue against decoy, from the committed profile of the embedded model. */
export const suite: VerifySuite = {
  name: "instrument-wins",
  proves: ["I20"],
  title: "Wins of the cued mode on the embedded model, our bank, and cue against decoy",
  budgetMinutes: 1,
  model: "none",
  doc: "docs/instrument.md",
  section: "instrument-wins",
  run: async () => {
    const bank = await readBank(ourBankPath());
    const { profile } = await readProfile(join(ourBankPath(), "references", "embedded-smollm2-135m.json"));
    const quick = new Set(chooseSituations(bank, "quick").map(({ id }) => id));
    const ours = tablesOf(profile);
    const lines = [
      winLine(
        "our bank, quick set",
        ours.filter(({ id }) => quick.has(id)),
      ),
      winLine("our bank, full set", ours),
    ];
    const told =
      "A row passes where the lower end of its interval is above one in six, a mode where its responsiveness is above zero; a limiting case where the lower end is above one in six. Twelve situations cannot show that of every row; the page holds where the full set passes.";
    const table = [
      ...winHead(),
      ...lines.map(({ text }) => text),
      "",
      ...DECOY_HEAD,
      ...decoyLines(profile.responsiveness, "our bank"),
      "",
      ...validationLines(profile),
      "",
      told,
    ].join("\n");
    return { table, holds: lines[1]?.passes ?? false };
  },
};
