import { armor, Decrypter, identityToRecipient } from "age-encryption";
import type { Identity } from "age-encryption";
import type { KeyIdentity } from "./identity.ts";
import { readSshIdentity, sshFingerprint } from "./ssh-identity.ts";

/** An age identity, `AGE-SECRET-KEY-1…`. Throws when it is none. */
export async function openAgeIdentity(text: string): Promise<KeyIdentity> {
  const id = await identityToRecipient(text);
  return {
    id,
    decrypt: async (key) =>
      key.type === "age" && key.recipient === id ? await decryptAge(key.enc, text) : undefined,
  };
}

/** An SSH private key as age uses it. Throws when it is none, or needs a passphrase. */
export function openSshIdentity(text: string): KeyIdentity {
  const { id, identity } = readSshIdentity(text);
  return {
    id,
    decrypt: async (key) => {
      if (key.type !== "age" || sshFingerprint(key.recipient) !== id) return undefined;
      return await decryptAge(key.enc, identity);
    },
  };
}

async function decryptAge(enc: string, identity: string | Identity): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return await decrypter.decrypt(armor.decode(enc));
}
