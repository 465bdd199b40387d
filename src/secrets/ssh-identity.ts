import {
  constants,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  privateDecrypt,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Identity, Stanza } from "age-encryption";
import { readSshKey } from "#runtime/ssh-key.ts";
import type { SshKey } from "#runtime/ssh-key.ts";

/** https://github.com/C2SP/C2SP does not cover these stanzas; they are those of age's own `agessh`. */
const rsaLabel = "age-encryption.org/v1/ssh-rsa";
const ed25519Label = "age-encryption.org/v1/ssh-ed25519";

/** An age identity made of an SSH private key. Throws when the text is none, or needs a passphrase. */
export function readSshIdentity(text: string): { readonly id: string; readonly identity: Identity } {
  const key = readSshKey(text);
  const unwrap = key.type === "ed25519" ? ed25519Unwrapper(key) : rsaUnwrapper(key);
  const identity: Identity = {
    unwrapFileKey: (stanzas) => {
      for (const stanza of stanzas) {
        const fileKey = isFor(stanza, key) ? unwrap(stanza) : undefined;
        if (fileKey !== undefined) return fileKey;
      }
      return null;
    },
  };
  return { id: fingerprintOf(key.publicBlob), identity };
}

/** Of a public key as `authorized_keys` has it; undefined for anything else. */
export function sshFingerprint(recipient: string): string | undefined {
  const blob = /^ssh-(?:ed25519|rsa) ([A-Za-z0-9+/]+=*)/.exec(recipient)?.[1];
  return blob === undefined ? undefined : fingerprintOf(Buffer.from(blob, "base64"));
}

function fingerprintOf(publicBlob: Uint8Array): string {
  return `SHA256:${unpadded(createHash("sha256").update(publicBlob).digest())}`;
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}

/** A stanza names its key by the first four bytes of a digest, so another key's may match as well. */
function isFor({ args }: Stanza, key: SshKey): boolean {
  const tag = createHash("sha256").update(key.publicBlob).digest().subarray(0, 4);
  return args[0] === `ssh-${key.type}` && args[1] === unpadded(tag);
}

type Unwrap = (stanza: Stanza) => Uint8Array | undefined;

function rsaUnwrapper({ privateKey }: Extract<SshKey, { type: "rsa" }>): Unwrap {
  const oaepLabel = Buffer.from(rsaLabel);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return ({ body }) =>
    orUndefined(() => privateDecrypt({ key: privateKey, padding, oaepHash: "sha256", oaepLabel }, body));
}

const privatePrefix = Buffer.from("302e020100300506032b656e04220420", "hex");
const publicPrefix = Buffer.from("302a300506032b656e032100", "hex");

function x25519Private(scalar: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([privatePrefix, scalar]), format: "der", type: "pkcs8" });
}

function multiply(scalar: Uint8Array, point: Uint8Array): Buffer {
  const publicKey = createPublicKey({
    key: Buffer.concat([publicPrefix, point]),
    format: "der",
    type: "spki",
  });
  return diffieHellman({ privateKey: x25519Private(scalar), publicKey });
}

function derive(secret: Uint8Array, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, salt, ed25519Label, 32));
}

/** The Edwards key becomes a Montgomery one, tweaked by the public key so that it serves nothing else. */
function ed25519Unwrapper({ seed, publicBlob }: Extract<SshKey, { type: "ed25519" }>): Unwrap {
  const secret = createHash("sha512").update(seed).digest().subarray(0, 32);
  const own = createPublicKey(x25519Private(secret)).export({ format: "der", type: "spki" }).subarray(-32);
  const tweak = derive(new Uint8Array(), publicBlob);
  return ({ args, body }) => {
    const share = Buffer.from(args[2] ?? "", "base64");
    if (share.length !== 32 || body.length !== 32) return undefined;
    return orUndefined(() => {
      const shared = multiply(tweak, multiply(secret, share));
      const key = derive(shared, Buffer.concat([share, own]));
      const cipher = createDecipheriv("chacha20-poly1305", key, Buffer.alloc(12), { authTagLength: 16 });
      cipher.setAuthTag(body.subarray(16));
      return Buffer.concat([cipher.update(body.subarray(0, 16)), cipher.final()]);
    });
  };
}

/** What the cipher refuses was wrapped for another key. */
function orUndefined(open: () => Uint8Array): Uint8Array | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
