import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { canonicalJson, sha256Hex } from "../kernel/canonical-json.ts";
import { DashpotError } from "../model/error.ts";
import type { Profile } from "../model/profile.ts";
import type { StressReport } from "../model/stress-report.ts";
import { makeCard, stateCard } from "../profile/card.ts";
import { stressSection } from "../profile/card-stress.ts";
import { renderCardMarkdown } from "../profile/report/card-markdown.ts";
import { renderCardPage } from "../profile/report/card-page.ts";
import { renderPicture } from "../profile/report/picture.ts";
import { renderReport } from "../profile/report/report-page.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import { STATEMENT_PAYLOAD_TYPE, signEnvelope } from "./dsse-envelope.ts";
import { makeDirectory } from "./make-directory.ts";
import { rasterise } from "./rasterise.ts";
import type { SigningKey } from "./signing-keys.ts";

export interface ReportFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Copy of the stress record that a card tells of: under another name, for its folder is no stress run. */
export const STRESS_COPY = "card-stress.json";

/** What the signature vouches for, in this order (C4). */
const SUBJECTS = ["profile.json", "card.json", "card.html", "card.md", "report.html", STRESS_COPY] as const;

/** `stress.json` as it is written and hashed: canonical JSON and a line end. */
export function stressText(report: StressReport): string {
  return `${canonicalJson(report)}\n`;
}

/** `profile.json` as it is written and hashed: canonical JSON and a line end. */
export function profileText(profile: Profile): string {
  return `${canonicalJson(profile)}\n`;
}

/** Everything that comes out of a profile but the signature; the same profile gives the same bytes (C9). */
export async function renderFiles(profile: Profile, stress: StressReport | null = null): Promise<ReportFile[]> {
  const picture = renderPicture(profile, emptyPage());
  const [record, report, ...card] = renderSubjects(profile, stress) as [ReportFile, ReportFile, ...ReportFile[]];
  const pictures = [
    { name: "report.svg", content: picture },
    { name: "report.png", content: await rasterise(picture) },
  ];
  return [record, report, ...pictures, ...card];
}

/** What the signature vouches for: all but the pictures. */
export function renderSubjects(profile: Profile, stress: StressReport | null = null): ReportFile[] {
  const { document } = emptyPage();
  const profileJson = profileText(profile);
  const profileSha256 = sha256Hex(profileJson);
  const stressJson = stress && stressText(stress);
  const section = stress && stressJson ? stressSection(profile, stress, sha256Hex(stressJson)) : undefined;
  const card = makeCard(profile, profileSha256, section);
  return [
    { name: "profile.json", content: profileJson },
    { name: "report.html", content: renderReport(profile, { document }) },
    { name: "card.json", content: `${JSON.stringify(card, null, 2)}\n` },
    { name: "card.html", content: renderCardPage(profile, { document, profileSha256, stress: section }) },
    { name: "card.md", content: renderCardMarkdown(card) },
    ...(stressJson ? [{ name: STRESS_COPY, content: stressJson }] : []),
  ];
}

function emptyPage() {
  return parseHTML("<!doctype html><html><body></body></html>");
}

/** `card.dsse.json` over the files of one profile, signed with the given key (C4). */
export function signFiles(profile: Profile, files: readonly ReportFile[], key: SigningKey): ReportFile {
  const contents = new Map(files.map(({ name, content }) => [name, content]));
  const subjects = SUBJECTS.filter((name) => contents.has(name)).map((name) => ({
    name,
    sha256: sha256Hex(contents.get(name) as string),
  }));
  const card = makeCard(profile, subjects[0]?.sha256 as string);
  const payload = Buffer.from(canonicalJson(stateCard(card, subjects)), "utf8");
  return { name: "card.dsse.json", content: signEnvelope(STATEMENT_PAYLOAD_TYPE, payload, key.privateKey, key.id) };
}

/**
 * Writes report, picture and card, each whole or not at all, the signature last; without a key there is no
 * `card.dsse.json`, also not one of before. Throws `output-unwritable`, exit 3: the journal has everything.
 */
export async function writeReportFiles(request: {
  readonly profile: Profile;
  readonly directory: string;
  readonly key: SigningKey | null;
  readonly stress?: StressReport | null;
}): Promise<{ readonly name: string; readonly path: string }[]> {
  const { profile, directory, key, stress = null } = request;
  const rendered = await renderFiles(profile, stress);
  return replaceFiles(directory, key ? [...rendered, signFiles(profile, rendered, key)] : rendered);
}

/** Writes files of one profile into a folder, in the order given, and takes an older card's signature and stress record away first. */
export async function replaceFiles(
  directory: string,
  files: readonly ReportFile[],
): Promise<{ readonly name: string; readonly path: string }[]> {
  try {
    makeDirectory(directory);
    // An old signature beside new files would look like tampering.
    await rm(join(directory, "card.dsse.json"), { force: true });
    // And a stress record would be of a run that this card does not tell of.
    if (!files.some(({ name }) => name === STRESS_COPY)) await rm(join(directory, STRESS_COPY), { force: true });
    for (const { name, content } of files) await writeFileAtomically(join(directory, name), content);
  } catch (cause) {
    throw outputUnwritable(directory, cause);
  }
  return files.map(({ name }) => ({ name, path: join(directory, name) }));
}

/** The error for a file of the outputs that could not be written; exit 3: the journal has everything. */
export function outputUnwritable(directory: string, cause: unknown): DashpotError {
  const message = `expected a folder that can be written, received ${(cause as NodeJS.ErrnoException).code ?? "a failure"} at ${directory}`;
  const fix = "make room or give another folder, then `dashpot resume` writes it again";
  return new DashpotError("output-unwritable", message, fix, { exit: 3, cause });
}
