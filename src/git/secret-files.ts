import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

export interface SecretFile extends Disposable {
  readonly path: string;
}

/** Where secrets for git are put: memory where the machine has it as a directory, so that they never reach a disk. */
export function secretDirectory(fallback: string): string {
  try {
    accessSync("/dev/shm", constants.W_OK | constants.X_OK);
    return "/dev/shm";
  } catch {
    mkdirSync(fallback, { recursive: true, mode: 0o700 });
    return fallback;
  }
}

function isReachable(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * A file with mode 0600 that only this process and its children of the same user can open. On Linux it has no name in any
 * directory: it is unlinked at once and reached as `/proc/<our pid>/fd/<n>`, so that it is gone when this process is, however
 * it ends. Elsewhere it stays until disposed.
 */
export function openSecretFile(directory: string, content: string): SecretFile {
  const named = join(directory, `mooring-git-secret-${randomBytes(16).toString("hex")}`);
  const fd = openSync(named, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600);
  const path = `/proc/${process.pid}/fd/${fd}`;
  const anonymous = isReachable(path);
  if (anonymous) rmSync(named);
  try {
    writeFileSync(fd, content);
  } catch (error) {
    closeSync(fd);
    rmSync(named, { force: true });
    throw error;
  }
  return {
    path: anonymous ? path : named,
    [Symbol.dispose]: () => {
      closeSync(fd);
      if (!anonymous) rmSync(named, { force: true });
    },
  };
}
