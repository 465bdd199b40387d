import type { PrivateKey } from "#core/data-keys/index.ts";
import type { SopsKeySet } from "#core/sops/index.ts";

/** Unwraps data keys on behalf of one project, with the private keys that it may use. */
export interface DataKeys {
  /**
   * Names the set of private keys, by their public ids: equal identities open the same files, so a render that failed for want
   * of a key is made anew when one was added.
   */
  identity(): Promise<string>;
  /**
   * The 32 bytes that a file's values are encrypted with; keep them no longer than needed. Throws SECRET_KEY_MISSING that
   * names the keys of which one would do, SECRET_KEY_SERVICE, or SECRET_INVALID; messages hold nothing secret.
   */
  unwrap(keys: SopsKeySet, signal: AbortSignal): Promise<Uint8Array>;
}

/** Makes private keys usable; equal keys give the same object, so that they are parsed once. */
export type OpenDataKeys = (keys: readonly PrivateKey[]) => DataKeys;
