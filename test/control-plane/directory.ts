import { constants } from "node:fs";
import { access, mkdir, mkdtemp, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const memory = "/dev/shm";
const neededBytes = 1 << 30;

/** A new directory for one control plane: in `parent`, else in memory where there is room, else in the temporary directory. */
export async function createDataDirectory(parent?: string): Promise<string> {
  if (parent !== undefined) await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent ?? (await defaultParent()), "mooring-control-plane-"));
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
