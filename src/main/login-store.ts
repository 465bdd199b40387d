import { mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LoginStore } from "#cli/ports.ts";
import { MooringError } from "#core/errors/index.ts";

const maxBytes = 4 * 1024 * 1024;
const lockWaitMs = 10_000;
const retryMs = 20;

/**
 * The file of logins on this machine, which nobody else may read. A change is written beside it and then takes its place, so that it is
 * whole at every moment; the draft is also the lock that keeps others from changing it meanwhile.
 */
export function createLoginStore(signal: AbortSignal): LoginStore {
  return { read: readLimited, change: (file, decide) => change(file, { decide, signal }) };
}

async function readLimited(file: string): Promise<string | undefined> {
  try {
    const { size } = await stat(file);
    if (size <= maxBytes) return await readFile(file, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT") || isCode(error, "ENOTDIR")) return undefined;
    throw notUsable(file, error);
  }
  throw new MooringError(
    "CONFIG_INVALID",
    `${file}: has more than ${maxBytes} bytes; it is no file of logins`,
  );
}

interface Change {
  readonly decide: (text: string | undefined) => string;
  readonly signal: AbortSignal;
}

async function change(given: string, { decide, signal }: Change): Promise<void> {
  await mkdir(path.dirname(given), { recursive: true, mode: 0o700 });
  // Behind a link stays what the link leads to.
  const file = await realpath(given).catch(() => given);
  const draft = `${file}.lock`;
  const handle = await lock(draft, signal);
  try {
    try {
      await handle.writeFile(decide(await readLimited(file)));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function lock(draft: string, signal: AbortSignal) {
  const until = Date.now() + lockWaitMs;
  for (;;) {
    try {
      return await open(draft, "wx", 0o600);
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw notUsable(draft, error);
    }
    // Whoever holds it for so long was ended while writing.
    if (Date.now() > until || (await isLeft(draft))) await rm(draft, { force: true });
    else await sleep(retryMs, undefined, { signal });
  }
}

async function isLeft(draft: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(draft)).mtimeMs > lockWaitMs;
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}

function notUsable(file: string, error: unknown): MooringError {
  return new MooringError("CONFIG_INVALID", `${file}: ${String((error as Error).message)}; see its rights`, {
    cause: error,
  });
}
