import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

export type BoundedReading =
  | { readonly kind: "read"; readonly bytes: Buffer }
  | { readonly kind: "too-large" }
  | { readonly kind: "not-a-file" };

/** A file whole, of at most `maximumBytes`; never waits on a pipe. Rejects where the file cannot be opened. */
export async function readBounded(path: string, maximumBytes: number): Promise<BoundedReading> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await file.stat()).isFile()) return { kind: "not-a-file" };
    return await readWhole(file, maximumBytes);
  } finally {
    await file.close();
  }
}

/** Counts what it reads rather than believe the size: a file can grow meanwhile. */
async function readWhole(file: FileHandle, maximumBytes: number): Promise<BoundedReading> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(1 << 16), 0, 1 << 16, null);
    if (bytesRead === 0) return { kind: "read", bytes: Buffer.concat(chunks) };
    total += bytesRead;
    if (total > maximumBytes) return { kind: "too-large" };
    chunks.push(buffer.subarray(0, bytesRead));
  }
}
