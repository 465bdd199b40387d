import { createHmac, randomBytes } from "node:crypto";

/** Equal values give equal hashes within this process only: a hash that got out tells nothing. */
export function createSecretHash(): (value: string) => string {
  const key = randomBytes(32);
  return (value) => createHmac("sha256", key).update(value).digest("hex").slice(0, 8);
}

/**
 * The same for each of many scopes: within one equal values give equal hashes, and those of two say nothing of each other. 64 bits, so that
 * values which differ look different, however many there are.
 */
export function createScopedHash(): (scope: string) => (value: string) => string {
  const key = randomBytes(32);
  return (scope) => {
    const own = createHmac("sha256", key).update(scope).digest();
    return (value) => createHmac("sha256", own).update(value).digest("hex").slice(0, 16);
  };
}
