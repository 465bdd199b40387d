import { open, realpath, rename, rm, stat } from "node:fs/promises";

/**
 * Puts a text in the place of a file's, whole or not at all: it is written under another name first. A symbolic link stays, and what it
 * leads to is written. Throws what the file system throws, with nothing left behind.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path);
  const { mode } = await stat(target);
  const unfinished = `${target}.${process.pid}.part`;
  try {
    await using file = await open(unfinished, "wx", mode);
    // What is asked of `open` is narrowed by the umask.
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
