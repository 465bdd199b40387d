import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { MooringError, messageOf } from "#core/errors/index.ts";

/**
 * Puts texts in the place of files', each whole or not at all, and none before all are written under other names: a disk that is full or
 * a directory that may not be written to leaves every file as it was. A symbolic link stays, and what it leads to is written. Throws
 * CONFIG_INVALID, with nothing left behind.
 */
export async function replaceFiles(texts: ReadonlyMap<string, string>): Promise<void> {
  const unfinished = new Map<string, string>();
  let at = "";
  try {
    for (const [file, text] of texts) {
      at = file;
      const target = await realpath(file);
      const beside = path.join(path.dirname(target), `.mooring-${randomUUID()}.part`);
      unfinished.set(beside, target);
      await writeBeside(target, { beside, text });
    }
    for (const [beside, target] of unfinished) {
      at = target;
      await rename(beside, target);
    }
  } catch (error) {
    for (const beside of unfinished.keys()) await rm(beside, { force: true });
    const message = `file ${at}: cannot be written: ${messageOf(error)}; let this user write to its directory`;
    throw new MooringError("CONFIG_INVALID", message, { cause: error });
  }
}

async function writeBeside(
  target: string,
  { beside, text }: { readonly beside: string; readonly text: string },
): Promise<void> {
  const { mode } = await stat(target);
  await using file = await open(beside, "wx", mode);
  // What is asked of `open` is narrowed by the umask.
  await file.chmod(mode);
  await file.writeFile(text);
  await file.sync();
}
