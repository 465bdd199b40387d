import type { Key } from "openpgp";
import { MooringError, messageOf } from "#core/errors/index.ts";

/** A public PGP key as people are shown it. */
export interface SigningKeyView {
  readonly keyID: string;
  readonly fingerprint: string;
  /** Such as `rsa4096` or `ed25519`. */
  readonly subType: string;
  /** Whose it is, as the key itself says. */
  readonly owner: string;
  readonly keyData: string;
}

/** Every key of an armored text. Throws CONFIG_INVALID for what holds none, and for private keys. */
export async function viewSigningKeys(
  armoredKeys: string,
  origin: string,
): Promise<readonly SigningKeyView[]> {
  const { readKeys } = await import("openpgp");
  const keys = await readKeys({ armoredKeys }).catch((error: unknown) => {
    throw new MooringError(
      "CONFIG_INVALID",
      `${origin}: holds no armored PGP public key: ${messageOf(error)}; gpg --armor --export writes one`,
    );
  });
  if (keys.some((key) => key.isPrivate())) {
    throw new MooringError(
      "CONFIG_INVALID",
      `${origin}: holds a private key, which is not needed; gpg --armor --export writes the public one`,
    );
  }
  return keys.map(viewKey);
}

function viewKey(key: Key): SigningKeyView {
  const { algorithm, bits, curve } = key.getAlgorithmInfo();
  return {
    keyID: key.getKeyID().toHex().toUpperCase(),
    fingerprint: key.getFingerprint().toUpperCase(),
    subType: curve ?? `${algorithm.replace(/[A-Z].*$/u, "")}${bits ?? ""}`,
    owner: key.getUserIDs()[0] ?? "",
    keyData: key.armor(),
  };
}
