import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { expect, it } from "vitest";
import { requireSigned } from "./verify-cosign.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const pairs = {
  p256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  rsa: generateKeyPairSync("rsa", { modulusLength: 2_048 }),
  ed25519: generateKeyPairSync("ed25519"),
};
const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pemOf = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();

function signatureBy(key: KeyObject, named = digest, type = "cosign container image signature") {
  const critical = {
    identity: { "docker-reference": "ghcr.io/acme/web" },
    image: { "docker-manifest-digest": named },
    type,
  };
  const payload = Buffer.from(JSON.stringify({ critical, optional: null }));
  const hash = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  return { payload, signature: sign(hash, payload, key).toString("base64") };
}

const required = (...keys: readonly string[]) => ({ keys, digest, subject: "image web:v1" });

it.each(Object.entries(pairs))(
  "accepts a signature by a key of %s, whatever else was signed",
  (_name, pair) => {
    const signatures = [signatureBy(other.privateKey), signatureBy(pair.privateKey)];
    expect(() =>
      requireSigned(signatures, required(pemOf(pairs.p256.publicKey), pemOf(pair.publicKey))),
    ).not.toThrow();
  },
);

const key = pairs.p256;
const good = signatureBy(key.privateKey);

// Class: authorisation.
it.each([
  ["nothing", [], "has no signature"],
  ["another key's", [signatureBy(other.privateKey)], "none is by a key of verify.cosign"],
  [
    "one of another image",
    [signatureBy(key.privateKey, `sha256:${"cd".repeat(32)}`)],
    "each is of something else",
  ],
  [
    "one of something else than an image",
    [signatureBy(key.privateKey, digest, "blob")],
    "each is of something else",
  ],
  [
    "one whose payload was changed",
    [{ ...good, payload: Buffer.from(`${good.payload.toString()} `) }],
    "none is by",
  ],
  ["one that is no base64", [{ ...good, signature: "%%%" }], "none is by a key"],
  ["a payload that is no JSON", [{ ...good, payload: Buffer.from("digest") }], "each is of something else"],
])("refuses %s", (_name, signatures, why) => {
  expect(() => requireSigned(signatures, required(pemOf(key.publicKey)))).toThrow(why);
});

it.each([
  ["a text", "key", "is no public key; give a public key in PEM"],
  ["a private key", key.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "is no public key"],
  ["a broken one", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "cannot be read"],
  [
    "another curve",
    pemOf(generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey),
    "not used; give one of",
  ],
  ["a short one", pemOf(generateKeyPairSync("rsa", { modulusLength: 1_024 }).publicKey), "RSA of 2048 bits"],
])("does not take %s for a key", (_name, pem, why) => {
  expect(() => requireSigned([good], required(pem))).toThrow(why);
});
