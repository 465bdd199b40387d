import type { FileHandle } from "node:fs/promises";
import { mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LoginStore } from "#cli/ports.ts";
import { MooringError } from "#core/errors/index.ts";

const maxBytes = 4 * 1024 * 1024;
const lockWaitMs = 10_000;
const retryMs = 20;
/** So often whoever works says that they are still there. */
const beatMs = 2_000;

/**
 * The file of logins on this machine, which nobody else may read. A change is written beside it and then takes its place, so that it is
 * whole at every moment; the draft is also the lock that keeps others from changing it meanwhile.
 */
export function createLoginStore(signal: AbortSignal): LoginStore {
  return {
    read: readLimited,
    change: (file, decide) => change(file, { decide, signal }),
    exclusively: (file, work) => exclusively(file, { work, signal }),
  };
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
  const file = await placeOf(given);
  const draft = `${file}.lock`;
  const handle = await lock(draft, { patienceMs: lockWaitMs, signal });
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

interface Work<Result> {
  readonly work: () => Promise<Result>;
  readonly signal: AbortSignal;
}

/** The lock is one of its own: a work may take long, and may change the file. */
async function exclusively<Result>(given: string, { work, signal }: Work<Result>): Promise<Result> {
  const place = `${await placeOf(given)}.renewing`;
  const handle = await lock(place, { patienceMs: Number.POSITIVE_INFINITY, signal });
  const beat = setInterval(() => {
    const now = new Date();
    // Without it others take the lock over, as they do from somebody who was ended.
    handle.utimes(now, now).catch(() => clearInterval(beat));
  }, beatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (await isStillAt(place, handle)) await rm(place, { force: true });
    await handle.close();
  }
}

/** Behind a link stays what the link leads to. Makes the directory. */
async function placeOf(given: string): Promise<string> {
  try {
    await mkdir(path.dirname(given), { recursive: true, mode: 0o700 });
    return await realpath(given);
  } catch (error) {
    if (isCode(error, "ENOENT")) return given;
    throw notUsable(given, error);
  }
}

interface LockOptions {
  /** After so long it is taken from whoever holds it. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

async function lock(place: string, { patienceMs, signal }: LockOptions): Promise<FileHandle> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return await open(place, "wx", 0o600);
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw notUsable(place, error);
    }
    // Whoever holds it for so long was ended while writing.
    if (Date.now() > until || (await isLeft(place))) await rm(place, { force: true });
    else await sleep(retryMs, undefined, { signal });
  }
}

async function isLeft(place: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(place)).mtimeMs > lockWaitMs;
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    throw error;
  }
}

async function isStillAt(place: string, handle: FileHandle): Promise<boolean> {
  try {
    return (await stat(place)).ino === (await handle.stat()).ino;
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
