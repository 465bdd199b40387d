import type { KeyObject } from "node:crypto";
import { createPublicKey, verify } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { ImageSignature } from "#ports/registry.ts";

interface Required {
  /** PEM. */
  readonly keys: readonly string[];
  /** `sha256:…` of what must be signed. */
  readonly digest: string;
  /** How messages name the image. */
  readonly subject: string;
}

const signedType = "cosign container image signature";

/**
 * Throws CHART_UNVERIFIED unless one of the keys signed this digest, as `cosign sign --key` does: the signature is of a payload, and the
 * payload names the digest. Throws CONFIG_INVALID for a key that cannot be used.
 */
export function requireSigned(
  signatures: readonly ImageSignature[],
  { keys, digest, subject }: Required,
): void {
  const read = keys.map((pem, i) => readKey(pem, `${subject}: key ${i + 1} of verify.cosign`));
  const named = signatures.filter(({ payload }) => namesDigest(payload, digest));
  if (named.some((signature) => read.some((key) => isSignedBy(key, signature)))) return;
  const why = whyNot(signatures.length, named.length);
  throw new MooringError(
    "CHART_UNVERIFIED",
    `${subject}@${digest}: ${why}; sign it with: cosign sign --key, or correct verify.cosign`,
  );
}

function whyNot(all: number, named: number): string {
  if (all === 0) return "has no signature";
  return named === 0
    ? `has ${all} signatures, and each is of something else`
    : `has ${named} signatures, and none is by a key of verify.cosign`;
}

/** Throws CONFIG_INVALID, which says nothing of the key. */
function readKey(pem: string, subject: string): KeyObject {
  const key = parseKey(pem, subject);
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  const isUsable =
    key.asymmetricKeyType === "ed25519" ||
    (key.asymmetricKeyType === "ec" && namedCurve === "prime256v1") ||
    (key.asymmetricKeyType === "rsa" && modulusLength >= 2_048);
  if (isUsable) return key;
  throw new MooringError(
    "CONFIG_INVALID",
    `${subject}: is of a kind that is not used; give one of ECDSA P-256, RSA of 2048 bits or more, or Ed25519`,
  );
}

function parseKey(pem: string, subject: string): KeyObject {
  // A private key would do as well, and does not belong here.
  const fix = "give a public key in PEM, as cosign public-key prints it";
  if (!pem.includes("-----BEGIN PUBLIC KEY-----"))
    throw new MooringError("CONFIG_INVALID", `${subject}: is no public key; ${fix}`);
  try {
    return createPublicKey(pem);
  } catch {
    throw new MooringError("CONFIG_INVALID", `${subject}: cannot be read; ${fix}`);
  }
}

/** The payload is of the form "simple signing" of containers/image. */
function namesDigest(payload: Uint8Array, digest: string): boolean {
  const said = parseJson(payload);
  return (
    viewString(said, "critical", "type") === signedType &&
    viewString(said, "critical", "image", "docker-manifest-digest") === digest
  );
}

function parseJson(payload: Uint8Array): JsonValue | undefined {
  try {
    return JSON.parse(Buffer.from(payload).toString("utf8")) as JsonValue;
  } catch {
    return undefined;
  }
}

function isSignedBy(key: KeyObject, { payload, signature }: ImageSignature): boolean {
  const hash = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  return verify(hash, payload, key, Buffer.from(signature, "base64"));
}
