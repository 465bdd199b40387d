import { createHmac, hkdfSync, randomBytes } from "node:crypto";

/** Equal values give equal hashes within this process only: a hash that got out tells nothing. */
export function createSecretHash(): (value: string) => string {
  const key = randomBytes(32);
  return (value) => createHmac("sha256", key).update(value).digest("hex").slice(0, 8);
}

/** Says what is derived: of the same key for another purpose nothing can be told from it. */
const label = "mooring: masks of secret values, by application";

/**
 * The same for each of many scopes: within one equal values give equal hashes, and those of two say nothing of each other. 64 bits, so that
 * values which differ look different, however many there are. With the control plane's key, as it is at that moment, all replicas give equal
 * hashes; while there is none, this process alone.
 */
export function createScopedHash(
  hubKey: () => Uint8Array | undefined,
): (scope: string) => (value: string) => string {
  const ownKey = randomBytes(32);
  let derived: { readonly from: Uint8Array; readonly key: Uint8Array } | undefined;
  const currentKey = (): Uint8Array => {
    const from = hubKey() ?? ownKey;
    if (derived === undefined || !Buffer.from(from).equals(derived.from)) {
      derived = { from, key: Buffer.from(hkdfSync("sha256", from, "", label, 32)) };
    }
    return derived.key;
  };
  return (scope) => {
    const own = createHmac("sha256", currentKey()).update(scope).digest();
    return (value) => createHmac("sha256", own).update(value).digest("hex").slice(0, 16);
  };
}
