import { rmSync } from "node:fs";
import { open, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { PrivateFile } from "#cli/ports.ts";

/** As Linux follows at most. */
const maxLinks = 40;

/**
 * A file is written under another name first: what is cut short never stands for the whole, and nobody else may read it at any moment. A
 * symbolic link stays, and what it leads to is written. What is no file, such as /dev/stdout or a pipe, is written to as it is.
 */
export async function createPrivateFile(path: string): Promise<PrivateFile> {
  const known = await unlessMissing(stat(path));
  if (known !== undefined && !known.isFile()) return fileOf(await open(path, "w"), {});
  const target = await targetOf(path);
  const unfinished = `${target}.${process.pid}.part`;
  await rm(unfinished, { force: true });
  let isCommitted = false;
  const file = await open(unfinished, "wx", 0o600);
  // A process that exits in the middle, because a pipe broke or at a second Ctrl-C, disposes of nothing.
  const onExit = () => rmSync(unfinished, { force: true });
  process.once("exit", onExit);
  return fileOf(file, {
    commit: async () => {
      await file.sync();
      await rename(unfinished, target);
      isCommitted = true;
    },
    end: async () => {
      if (!isCommitted) await rm(unfinished, { force: true });
      process.off("exit", onExit);
    },
  });
}

/** Where a path leads to; the last of its links may lead to what is not there yet. */
async function targetOf(path: string, links = 0): Promise<string> {
  const found = await unlessMissing(realpath(path));
  if (found !== undefined) return found;
  const link = await readlink(path).catch((error: NodeJS.ErrnoException) => {
    // EINVAL: it has come to be, and is no link.
    if (error.code === "ENOENT" || error.code === "EINVAL") return undefined;
    throw error;
  });
  if (link === undefined || links === maxLinks) return path;
  return await targetOf(resolve(await realpath(dirname(path)), link), links + 1);
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function fileOf(
  file: FileHandle,
  { commit, end }: { readonly commit?: () => Promise<void>; readonly end?: () => Promise<void> },
): PrivateFile {
  return {
    write: async (text) => {
      await file.appendFile(text);
    },
    commit: async () => await commit?.(),
    [Symbol.asyncDispose]: async () => {
      try {
        await file.close();
      } finally {
        await end?.();
      }
    },
  };
}
