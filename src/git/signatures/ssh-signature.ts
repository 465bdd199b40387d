import type { JsonWebKey, KeyObject } from "node:crypto";
import { createHash, createPublicKey, verify } from "node:crypto";
import { SshReader, sshString } from "#runtime/ssh-reader.ts";

/** How an object's signature stands: whose it is, or what is wrong with it. */
export type Verdict =
  | { readonly ok: true; readonly key: string }
  | { readonly ok: false; readonly reason: string };

const magic = "SSHSIG";
const minRsaBits = 2048;
const hashes = ["sha256", "sha512"];

/**
 * Checks a signature as `git` makes it with `gpg.format=ssh` (OpenSSH, PROTOCOL.sshsig). The key is in the signature: whether it is one
 * that may sign is for the caller to say, by its fingerprint.
 */
export function checkSshSignature(armored: string, payload: Uint8Array): Verdict {
  try {
    return check(armored, payload);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return refused(error.message);
    // What node:crypto says of keys that are none.
    if (error instanceof Error && "code" in error) return refused("its key cannot be read");
    throw error;
  }
}

function refused(reason: string): Verdict {
  return { ok: false, reason: `has an SSH signature that cannot be checked: ${reason}` };
}

function check(armored: string, payload: Uint8Array): Verdict {
  const base64 = /-----BEGIN SSH SIGNATURE-----([\w+/=\s]+)-----END SSH SIGNATURE-----/u.exec(armored)?.[1];
  if (base64 === undefined) return refused("it is damaged");
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("latin1", 0, magic.length) !== magic) return refused("it is damaged");
  const reader = new SshReader(bytes.subarray(magic.length));
  if (reader.number() !== 1) return refused("its version is not 1");
  const publicBlob = reader.string();
  const [namespace, reserved, hash] = [reader.text(), reader.string(), reader.text()];
  const signature = reader.string();
  if (namespace !== "git") return refused(`it was made for "${namespace}", not for git`);
  if (!hashes.includes(hash)) return refused(`its hash ${hash} is none of ${hashes.join(", ")}`);
  const digest = createHash(hash).update(payload).digest();
  const signed = [Buffer.from(namespace), reserved, Buffer.from(hash), digest];
  const message = Buffer.concat([Buffer.from(magic), ...signed.map((part) => sshString(part))]);
  const fingerprint = createHash("sha256").update(publicBlob).digest("base64").replace(/=+$/u, "");
  const isGood = verifyBlob(publicBlob, new SshReader(signature), message);
  return isGood
    ? { ok: true, key: `SHA256:${fingerprint}` }
    : { ok: false, reason: "has an SSH signature that is not of this content" };
}

const curves = {
  "ecdsa-sha2-nistp256": { crv: "P-256", hash: "sha256", bytes: 32 },
  "ecdsa-sha2-nistp384": { crv: "P-384", hash: "sha384", bytes: 48 },
  "ecdsa-sha2-nistp521": { crv: "P-521", hash: "sha512", bytes: 66 },
} as const;
const rsaHashes = { "rsa-sha2-256": "sha256", "rsa-sha2-512": "sha512" } as const;

function verifyBlob(publicBlob: Buffer, signature: SshReader, message: Buffer): boolean {
  const key = new SshReader(publicBlob);
  const [type, algorithm] = [key.text(), signature.text()];
  const bytes = signature.string();
  if (type === "ssh-ed25519" && algorithm === type) {
    const publicKey = keyOf({ kty: "OKP", crv: "Ed25519", x: key.string().toString("base64url") });
    return verify(null, message, publicKey, bytes);
  }
  if (type === "ssh-rsa" && Object.hasOwn(rsaHashes, algorithm)) {
    const [e, n] = [unsigned(key.string()), unsigned(key.string())];
    if (n.length * 8 < minRsaBits) throw new TypeError(`its RSA key is shorter than ${minRsaBits} bits`);
    const publicKey = keyOf({ kty: "RSA", e: e.toString("base64url"), n: n.toString("base64url") });
    return verify(rsaHashes[algorithm as keyof typeof rsaHashes], message, publicKey, bytes);
  }
  if (Object.hasOwn(curves, type) && algorithm === type) {
    const curve = curves[type as keyof typeof curves];
    key.string();
    const point = key.string();
    const [x, y] = [point.subarray(1, 1 + curve.bytes), point.subarray(1 + curve.bytes)];
    const [r, s] = rAndS(new SshReader(bytes), curve.bytes);
    const publicKey = keyOf({
      kty: "EC",
      crv: curve.crv,
      x: x.toString("base64url"),
      y: y.toString("base64url"),
    });
    return verify(curve.hash, message, { key: publicKey, dsaEncoding: "ieee-p1363" }, Buffer.concat([r, s]));
  }
  throw new TypeError(`keys of type ${type} with ${algorithm} are not supported; sign with ed25519`);
}

function keyOf(jwk: JsonWebKey): KeyObject {
  return createPublicKey({ key: jwk, format: "jwk" });
}

/** A number without the byte that keeps it from being negative. */
function unsigned(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  return bytes.subarray(start);
}

function rAndS(reader: SshReader, bytes: number): readonly [Buffer, Buffer] {
  const padded = (number: Buffer): Buffer => {
    const plain = unsigned(number);
    if (plain.length > bytes) throw new TypeError("its numbers are too large");
    return Buffer.concat([Buffer.alloc(bytes - plain.length), plain]);
  };
  return [padded(reader.string()), padded(reader.string())];
}
