import { createHmac, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson } from "#core/object/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";

async function readKey(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Names a repository together with how it is reached, without telling the credentials. Everything that is kept is kept under such a
 * name: whoever knows the digest of somebody else's private chart must not be served it without that one's credentials.
 */
export class AccessKeys {
  readonly #key: string;
  readonly #policy: string;
  /** The access is the same object as long as nothing changed. */
  readonly #names = new WeakMap<RegistryAccess, string>();

  private constructor(key: string, policy: string) {
    this.#key = key;
    this.#policy = policy;
  }

  /** What was kept under another `policy` is not found. */
  static async open(directory: string, policy: string): Promise<AccessKeys> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, "access-key");
    const stored = await readKey(path);
    if (stored !== undefined && stored.length === 64) return new AccessKeys(stored, policy);
    const key = randomBytes(32).toString("hex");
    await writeFile(path, key, { mode: 0o600 });
    return new AccessKeys(key, policy);
  }

  /** The name of something that this access gives. */
  of(access: RegistryAccess, ...parts: readonly string[]): string {
    return this.#hash([this.#nameOf(access), ...parts]);
  }

  #nameOf(access: RegistryAccess): string {
    const known = this.#names.get(access);
    if (known !== undefined) return known;
    const { credentials, ...rest } = access;
    const name = this.#hash([this.#policy, canonicalJson({ ...rest, credentials: { ...credentials } })]);
    this.#names.set(access, name);
    return name;
  }

  #hash(parts: readonly string[]): string {
    return createHmac("sha256", this.#key).update(JSON.stringify(parts)).digest("hex");
  }
}
