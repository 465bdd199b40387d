import { open, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { PrivateFile } from "#cli/ports.ts";

/**
 * A file is written under another name first: what is cut short never stands for the whole, and nobody else may read it at any moment. What
 * is no file, such as /dev/stdout or a pipe, is written to as it is.
 */
export async function createPrivateFile(path: string): Promise<PrivateFile> {
  const known = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (known !== undefined && !known.isFile()) return fileOf(await open(path, "w"), {});
  const unfinished = `${path}.${process.pid}.part`;
  await rm(unfinished, { force: true });
  let isCommitted = false;
  const file = await open(unfinished, "wx", 0o600);
  return fileOf(file, {
    commit: async () => {
      await file.sync();
      await rename(unfinished, path);
      isCommitted = true;
    },
    end: async () => {
      if (!isCommitted) await rm(unfinished, { force: true });
    },
  });
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
      await file.close();
      await end?.();
    },
  };
}
