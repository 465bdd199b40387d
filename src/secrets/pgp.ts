import type { PrivateKey } from "openpgp";
import type { KeyIdentity } from "./identity.ts";

/** An armored PGP private key without a passphrase. Throws when it is none. */
export async function openPgpIdentity(armoredKey: string): Promise<KeyIdentity> {
  // Loaded when a key first needs it: the library takes longer to load than most commands run.
  const { readPrivateKey } = await import("openpgp");
  const privateKey = await readPrivateKey({ armoredKey });
  if (!privateKey.isDecrypted()) throw new TypeError("it needs a passphrase; export it without one");
  return {
    id: privateKey.getFingerprint().toUpperCase(),
    decrypt: async (key) => (key.type === "pgp" ? await decryptPgp(key.enc, privateKey) : undefined),
  };
}

/** A data key is 33 bytes at most; whoever has the public key can send more, packed small. */
const maxMessageBytes = 4096;

async function decryptPgp(armoredMessage: string, privateKey: PrivateKey): Promise<Uint8Array | undefined> {
  const { decrypt, readMessage } = await import("openpgp");
  const message = await readMessage({ armoredMessage });
  const mine = message.getEncryptionKeyIDs().some((id) => privateKey.getKeys(id).length > 0);
  if (!mine) return undefined;
  const { data } = await decrypt({
    message,
    decryptionKeys: privateKey,
    format: "binary",
    config: {
      allowInsecureDecryptionWithSigningKeys: true,
      parseAEADEncryptedV4KeysAsLegacy: true,
      maxDecompressedMessageSize: maxMessageBytes,
    },
  });
  return data;
}
