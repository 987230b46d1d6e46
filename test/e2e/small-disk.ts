import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own in memory, mounted at `path`. */
export interface SmallDisk {
  readonly path: string;
  /** Mounts it again with other options, such as `size=64m` or `ro`. */
  remount(options: string): void;
  remove(): void;
}

/** Mounts a disk of so many KiB; only root can, on Linux. Null where it cannot be had. */
export function mountSmallDisk(kibibytes: number): SmallDisk | null {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), "dashpot-disk-"));
  const path = join(folder, "disk");
  mkdirSync(path);
  if (!mount("-t", "tmpfs", "-o", `size=${kibibytes}k`, "tmpfs", path)) {
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    path,
    remount: (options) => {
      if (!mount("-o", `remount,${options}`, path)) throw new Error(`expected to remount ${path} with ${options}`);
    },
    remove: () => {
      spawnSync("umount", [path]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Whether such disks can be had here. */
export function canMount(): boolean {
  const disk = mountSmallDisk(64);
  disk?.remove();
  return disk !== null;
}

function mount(...parameters: string[]): boolean {
  return spawnSync("mount", parameters, { stdio: "ignore" }).status === 0;
}
