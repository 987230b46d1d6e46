import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fixtureProfile } from "../../test/fixtures/profile.ts";
import { profileSchema } from "../model/profile.ts";
import { verifyCard } from "./card-verification.ts";
import { renderFiles, writeReportFiles } from "./report-files.ts";
import { exportKey, rotateKey, signingKey } from "./signing-keys.ts";

let folder: string;
const ring = () => ({ directory: join(folder, "keys"), now: "2030-01-02T03:04:05.000Z" });
const out = () => join(folder, "out");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dashpot-report-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function writeSigned() {
  const key = await signingKey(ring());
  const written = await writeReportFiles({ profile: fixtureProfile({ hostile: true }), directory: out(), key });
  const keyPath = join(folder, "key.pem");
  await writeFile(keyPath, key.publicKey);
  return { written, request: { envelopePath: join(out(), "card.dsse.json"), keyPath } };
}

it("C1: profile.json is the profile, canonical", async () => {
  await writeSigned();
  expect(profileSchema.parse(JSON.parse(await readFile(join(out(), "profile.json"), "utf8")))).toEqual(
    fixtureProfile({ hostile: true }),
  );
});

it("C5: what was written verifies, also after a rotation, and not after one changed byte of any subject", async () => {
  const { written, request } = await writeSigned();
  expect(written.map(({ name }) => name)).toEqual([
    "profile.json",
    "report.html",
    "report.svg",
    "report.png",
    "card.json",
    "card.html",
    "card.md",
    "card.dsse.json",
  ]);
  expect(await verifyCard(request)).toMatchObject({
    ok: true,
    subjects: ["profile.json", "card.json", "card.html", "card.md", "report.html"],
  });
  const { retired } = await rotateKey(ring());
  await writeFile(request.keyPath, await exportKey(ring(), retired?.id));
  for (const name of ["profile.json", "card.json", "card.html", "card.md", "report.html"]) {
    const path = join(out(), name);
    const bytes = await readFile(path);
    const changed = Buffer.from(bytes);
    changed[bytes.length >> 1] = (changed[bytes.length >> 1] as number) ^ 1;
    await writeFile(path, changed);
    expect(await verifyCard(request)).toMatchObject({
      ok: false,
      code: "subject-changed",
      reason: expect.stringContaining(name),
    });
    await writeFile(path, bytes);
  }
  expect(await verifyCard(request)).toMatchObject({ ok: true });
});

it("C4: without a key there is no signature, also not one of before", async () => {
  await writeSigned();
  const written = await writeReportFiles({ profile: fixtureProfile(), directory: out(), key: null });
  expect(written.map(({ name }) => name)).not.toContain("card.dsse.json");
  await expect(readFile(join(out(), "card.dsse.json"))).rejects.toMatchObject({ code: "ENOENT" });
});

it("C9: the same profile gives the same bytes, the picture included", async () => {
  const digest = async () => {
    const files = await renderFiles(fixtureProfile({ format: "choice" }));
    return files.map(({ name, content }) => `${name} ${createHash("sha256").update(content).digest("hex")}`);
  };
  expect(await digest()).toEqual(await digest());
});

it("C2: the picture is a PNG of twice 1200 by 720, with letters in it", async () => {
  const png = (await renderFiles(fixtureProfile())).find(({ name }) => name === "report.png")?.content as Uint8Array;
  const view = Buffer.from(png);
  expect(view.subarray(1, 4).toString()).toBe("PNG");
  expect([view.readUInt32BE(16), view.readUInt32BE(20)]).toEqual([2400, 1440]);
  const blank = (await renderFiles(fixtureProfile({ sparse: true }))).find(({ name }) => name === "report.png")
    ?.content as Uint8Array;
  expect(png.length).toBeGreaterThan(60_000);
  expect(Buffer.compare(view, Buffer.from(blank))).not.toBe(0);
});

it("F3: a folder that cannot be written is a coded error with exit 3", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(
    writeReportFiles({ profile: fixtureProfile(), directory: join(folder, "file", "out"), key: null }),
  ).rejects.toMatchObject({ code: "output-unwritable", exit: 3 });
});
