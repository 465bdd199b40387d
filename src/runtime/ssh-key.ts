import { createPrivateKey, createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { SshReader, sshString } from "./ssh-reader.ts";

/** `publicBlob` is the public key as SSH sends it. */
export type SshKey =
  | { readonly type: "ed25519"; readonly publicBlob: Uint8Array; readonly seed: Uint8Array }
  | { readonly type: "rsa"; readonly publicBlob: Uint8Array; readonly privateKey: KeyObject };

/** Reads an unencrypted SSH private key, in OpenSSH's form or as PEM. Throws TypeError that says what is wrong with it. */
export function readSshKey(text: string): SshKey {
  const opened = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----END/.exec(text)?.[1];
  if (opened !== undefined) return readOpenSshKey(Buffer.from(opened, "base64"));
  const privateKey = createPrivateKey(text);
  if (privateKey.asymmetricKeyType !== "rsa")
    throw new TypeError("only RSA keys can be PEM; keep others in the form that ssh-keygen writes");
  const { n = "", e = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const parts = [Buffer.from("ssh-rsa"), mpint(e), mpint(n)];
  return {
    type: "rsa",
    privateKey,
    publicBlob: Buffer.concat(parts.map((part) => sshString(part))),
  };
}

/** A positive number in SSH's form: a first bit that is set would make it negative. */
function mpint(base64: string): Buffer {
  const bytes = Buffer.from(base64, "base64url");
  return (bytes[0] ?? 0) < 128 ? bytes : Buffer.concat([Buffer.of(0), bytes]);
}

const magic = "openssh-key-v1\0";

function readOpenSshKey(bytes: Buffer): SshKey {
  if (bytes.toString("latin1", 0, magic.length) !== magic) throw new TypeError("it is no OpenSSH key");
  const outer = new SshReader(bytes.subarray(magic.length));
  const cipher = outer.text();
  if (cipher !== "none") throw new TypeError("it needs a passphrase; remove it with ssh-keygen -p");
  outer.string();
  outer.string();
  if (outer.number() !== 1) throw new TypeError("it holds several keys; keep one in an entry");
  const publicBlob = outer.string();
  const inner = new SshReader(outer.string());
  if (inner.number() !== inner.number()) throw new TypeError("it is damaged");
  const type = inner.text();
  if (type === "ssh-ed25519") {
    inner.string();
    return { type: "ed25519", publicBlob, seed: inner.string().subarray(0, 32) };
  }
  if (type !== "ssh-rsa") throw new TypeError("only ed25519 and rsa keys can be used");
  const [n, e, d, qi, p, q] = Array.from({ length: 6 }, () => inner.string());
  return { type: "rsa", publicBlob, privateKey: rsaKey({ n, e, d, qi, p, q }) };
}

type RsaNumbers = Readonly<Record<"n" | "e" | "d" | "qi" | "p" | "q", Buffer | undefined>>;

function rsaKey(numbers: RsaNumbers): KeyObject {
  const of = (name: keyof RsaNumbers): bigint => BigInt(`0x${numbers[name]?.toString("hex") ?? "0"}`);
  const encode = (value: bigint): string => {
    const hex = value.toString(16);
    return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex").toString("base64url");
  };
  const key = {
    kty: "RSA",
    ...Object.fromEntries((["n", "e", "d", "p", "q", "qi"] as const).map((name) => [name, encode(of(name))])),
    dp: encode(of("d") % (of("p") - 1n)),
    dq: encode(of("d") % (of("q") - 1n)),
  };
  return createPrivateKey({ key, format: "jwk" });
}
