import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

/** What a sealed text is for; one that was sealed for something else cannot be opened. */
type Purpose = "sso login" | "known device" | "user info";

interface Seal {
  readonly signingKey: Uint8Array;
  readonly purpose: Purpose;
}

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;
const maxSealedLength = 64 * 1024;

/** Encrypts a value so that only servers with the same `server.secretkey` can read it or could have written it. */
export function seal(value: JsonObject, { signingKey, purpose }: Seal): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, keyOf(signingKey, purpose), nonce);
  const body = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
}

/** What was sealed; undefined for anything that these servers did not seal for this purpose. */
export function unseal(text: string, { signingKey, purpose }: Seal): JsonObject | undefined {
  if (text.length > maxSealedLength) return undefined;
  const bytes = Buffer.from(text, "base64url");
  if (bytes.length <= nonceBytes + tagBytes) return undefined;
  const nonce = bytes.subarray(0, nonceBytes);
  const options = { authTagLength: tagBytes };
  const decipher = createDecipheriv(algorithm, keyOf(signingKey, purpose), nonce, options);
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  const plain = finish(() =>
    Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString(
      "utf8",
    ),
  );
  const value: unknown = plain === undefined ? undefined : JSON.parse(plain);
  return isJsonObject(value) ? value : undefined;
}

/** Decryption throws for what was changed, which is an ordinary outcome here. */
function finish(decrypt: () => string): string | undefined {
  try {
    return decrypt();
  } catch {
    return undefined;
  }
}

function keyOf(signingKey: Uint8Array, purpose: Purpose): Buffer {
  return Buffer.from(hkdfSync("sha256", signingKey, "", `mooring ${purpose}`, 32));
}
