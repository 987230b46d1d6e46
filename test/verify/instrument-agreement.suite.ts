import { join } from "node:path";
import { ourBankPath, readBank } from "../../src/adapters/bank-files.ts";
import {
  type AgreementRow,
  CODED_GROUPS,
  CODED_PAIRS,
  type CodedGroup,
  type CodingAgreement,
  codingAgreement,
  LEAST_KAPPA,
} from "../../src/profile/instrument/coding-agreement.ts";
import { CODING_SEED, codingSheet } from "../../src/profile/instrument/coding-sheet.ts";
import { type CodingRecord, missingCodingFiles, readCoding } from "./read-coding.ts";
import type { VerifySuite } from "./suite.ts";
import type { SuiteResult } from "./suite-state.ts";

/** κ of two blind codings of every reply and cue, recomputed from the raw files (I17). */
export const suite: VerifySuite = {
  name: "instrument-agreement",
  proves: ["I17"],
  title: "Two blind codings agree with each other and with the intended label",
  budgetMinutes: 1,
  model: "none",
  doc: "docs/instrument.md",
  section: "instrument-agreement",
  run,
};

async function run(): Promise<SuiteResult> {
  const folder = join(ourBankPath(), "coding");
  const missing = missingCodingFiles(folder);
  if (missing.length > 0) return { table: `Not there: ${missing.join(", ")}.\n`, holds: false };
  const record = readCoding(folder);
  const agreement = codingAgreement(record.key, ...record.codings);
  const changed = await changedTexts(record);
  const holds = agreement.holds && changed.length === 0;
  return { table: agreementPage(record, agreement, changed), holds };
}

/** Numbers whose text or label the bank now has otherwise than when it was coded. */
export async function changedTexts({ key }: CodingRecord): Promise<readonly number[]> {
  const now = codingSheet(await readBank(ourBankPath()), CODING_SEED).key.map((line) => JSON.stringify(line));
  const known = new Set(now);
  const changed = key.filter((line) => !known.has(JSON.stringify(line))).map(({ n }) => n);
  return key.length === now.length ? changed : [...changed, 0];
}

function agreementPage(record: CodingRecord, agreement: CodingAgreement, changed: readonly number[]): string {
  const { coders } = record;
  const [one, two] = [coders["coder-1"], coders["coder-2"]];
  const family =
    one.family === two.family
      ? `Both are of one family (${one.family}), so they are separate codings but not independent ones.`
      : `They are of two families (${one.family}, ${two.family}).`;
  const groups = Object.keys(CODED_GROUPS) as CodedGroup[];
  return [
    `Coded by language models, not by people: coder 1 ${one.model}, coder 2 ${two.model}. ${family} They saw texts in random order and the definitions of \`instruments/relational/codebook.md\`; no label, role, setting or score.`,
    `Asked for: κ of at least ${LEAST_KAPPA.overall} over all labels and ${LEAST_KAPPA.label} of each label against the rest. The page ${agreement.holds ? "holds" : "does not hold"}.`,
    changed.length === 0
      ? "Every text that was coded stands in the bank as it was coded."
      : `Texts changed since they were coded: ${changed.length}.`,
    ...groups.map((group) =>
      groupTable(
        group,
        agreement.rows.filter((row) => row.group === group),
      ),
    ),
    decoyLines(agreement),
    competenceLines(record),
  ].join("\n\n");
}

/** Told and not tested: a reply that one judge finds impossible there was kept, for texts change for blind coding only. */
function competenceLines({ competence, coders, key }: CodingRecord): string {
  const labels = new Map(key.map(({ n, label }) => [n, label]));
  const not = competence.filter(({ could }) => !could);
  const counts = Map.groupBy(not, ({ n }) => labels.get(n));
  const byLabel = [...counts].map(([label, some]) => `${label} ${some.length}`).join(", ");
  return `Could a competent person do or say it there? ${coders.competence.model}, judged ${competence.length} replies: ${competence.length - not.length} could, ${not.length} could not (${byLabel}); most of these state as done what the setting leaves open. Numbers and reasons stand in \`instruments/relational/coding/competence.jsonl\`.`;
}

function groupTable(group: CodedGroup, rows: readonly AgreementRow[]): string {
  const labels = [...new Set(rows.map(({ label }) => label))];
  const first = rows.find(({ label }) => label === "all");
  const body = labels.map((label) => {
    const cells = CODED_PAIRS.map((pair) => cell(rows.find((row) => row.pair === pair && row.label === label)));
    return `| ${label} | ${cells.join(" | ")} |`;
  });
  const counts = CODED_PAIRS.map((pair) => {
    const all = rows.find((row) => row.pair === pair && row.label === "all");
    return `${all?.n ?? 0}, ${all?.missing ?? 0}`;
  });
  return [
    `**${group[0]?.toUpperCase()}${group.slice(1)}** (${(first?.n ?? 0) + (first?.missing ?? 0)} texts)`,
    "",
    `| κ | ${CODED_PAIRS.join(" | ")} |`,
    `| --- | ${CODED_PAIRS.map(() => "---:").join(" | ")} |`,
    ...body,
    `| n, missing | ${counts.join(" | ")} |`,
  ].join("\n");
}

function cell(row: AgreementRow | undefined): string {
  if (row === undefined) return "–";
  return `${row.kappa.toFixed(3)}${row.holds ? "" : " **too low**"}`;
}

function decoyLines({ decoys }: CodingAgreement): string {
  const said = decoys.map(({ coder, none, n, missing }) => `coder ${coder} ${none} of ${n} (${missing} missing)`);
  return `Decoys that were said to set no relation: ${said.join("; ")}. They have no threshold.`;
}
