import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const memory = "/dev/shm";
const neededBytes = 1 << 30;

/**
 * Where one control plane may make its directory: in `parent`, else in memory where there is room,
 * else in the temporary directory.
 */
export async function chooseDirectory(parent?: string): Promise<string> {
  if (parent !== undefined) await mkdir(parent, { recursive: true });
  return join(parent ?? (await defaultParent()), `mooring-control-plane-${randomBytes(6).toString("hex")}`);
}

async function defaultParent(): Promise<string> {
  const usable = await access(memory, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!usable) return tmpdir();
  const { bavail, bsize } = await statfs(memory);
  return bavail * bsize > neededBytes ? memory : tmpdir();
}
