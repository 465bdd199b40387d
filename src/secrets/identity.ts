import { createHash } from "node:crypto";
import type { SopsMasterKey } from "#core/sops/index.ts";

/** A private key ready for use. */
export interface KeyIdentity {
  /** Public: a recipient or a fingerprint. */
  readonly id: string;
  /** The plain text of `enc`; undefined when it is not for this key. Throws when it is, but is malformed. */
  decrypt(key: SopsMasterKey): Promise<Uint8Array | undefined>;
}

/** A digest of public ids. */
export function identityOf(ids: readonly string[]): string {
  return createHash("sha256")
    .update([...new Set(ids)].toSorted().join("\n"))
    .digest("hex");
}
