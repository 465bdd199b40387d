import { createHmac, randomBytes } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "#core/object/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Which credentials a repository has accepted. A mirror is shared by everyone who names its URL, but only those may read it
 * whom the repository itself let in; otherwise whoever knows a commit id of somebody else's private repository could deploy it
 * without credentials. What is kept on disk is a keyed hash, so that a restart during an outage still knows.
 */
export class AccessProofs {
  readonly #path: string;
  readonly #key: string;
  readonly #proven: Set<string>;
  /** Every look of every application asks; the access is the same object as long as nothing changed. */
  readonly #keys = new WeakMap<RepositoryAccess, { readonly identity: string; readonly key: string }>();

  constructor(directory: string) {
    this.#path = join(directory, "access-proofs");
    const keyPath = join(directory, "access-key");
    const stored = readOrUndefined(keyPath);
    this.#key = stored ?? randomBytes(32).toString("hex");
    if (stored === undefined) writeFileSync(keyPath, this.#key, { mode: 0o600 });
    this.#proven = new Set(
      (readOrUndefined(this.#path) ?? "").split("\n").filter((line) => line.length === 64),
    );
  }

  /** Names a repository together with how it is reached, without telling the credentials. */
  keyOf(identity: string, repository: RepositoryAccess): string {
    const known = this.#keys.get(repository);
    if (known?.identity === identity) return known.key;
    const key = this.#hash(identity, repository);
    this.#keys.set(repository, { identity, key });
    return key;
  }

  #hash(identity: string, repository: RepositoryAccess): string {
    const { credentials, ...rest } = repository;
    const text = canonicalJson({ identity, ...rest, url: "", credentials: { ...credentials } });
    return createHmac("sha256", this.#key).update(text).digest("hex");
  }

  has(key: string): boolean {
    return this.#proven.has(key);
  }

  add(key: string): void {
    if (this.#proven.has(key)) return;
    this.#proven.add(key);
    appendFileSync(this.#path, `${key}\n`, { mode: 0o600 });
  }

  /** The repository has refused these credentials since. */
  remove(key: string): void {
    if (!this.#proven.delete(key)) return;
    writeFileSync(this.#path, [...this.#proven, ""].join("\n"), { mode: 0o600 });
  }
}
