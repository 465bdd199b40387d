import type { Key } from "openpgp";
import { messageOf } from "#core/errors/index.ts";
import type { SigningKeys } from "#core/integrity/index.ts";
import type { Verdict } from "./ssh-signature.ts";

/** A public key of the installation with the ids by which rules name it: its own and its subkeys'. */
interface KnownKey {
  readonly key: Key;
  readonly ids: readonly string[];
}

/** Public PGP keys, read once for all signatures. */
export interface PgpKeyring {
  /** Checks a detached signature; `isAllowed` is asked for the ids of its key. */
  check(armored: string, payload: Uint8Array, isAllowed: (id: string) => boolean): Promise<Verdict>;
}

const read = new WeakMap<SigningKeys, Promise<PgpKeyring>>();

/** Entries that hold no key are passed over: a rule that names one finds it missing. */
export function openPgpKeyring(keys: SigningKeys): Promise<PgpKeyring> {
  const known = read.get(keys) ?? readKeyring(keys);
  read.set(keys, known);
  return known;
}

async function readKeyring(keys: SigningKeys): Promise<PgpKeyring> {
  // Loaded when a rule first needs it: the library takes longer to load than most commands run.
  const { readKeys } = await import("openpgp");
  const known: KnownKey[] = [];
  for (const armoredKeys of Object.values(keys)) {
    const found = await readKeys({ armoredKeys }).catch(() => []);
    known.push(...found.map((key) => ({ key, ids: idsOf(key) })));
  }
  return { check: (armored, payload, isAllowed) => check(armored, payload, { known, isAllowed }) };
}

function idsOf(key: Key): readonly string[] {
  const all = key.getKeys().map((one) => one.getFingerprint().toUpperCase());
  return all.flatMap((fingerprint) => [fingerprint, fingerprint.slice(-16)]);
}

interface Allowed {
  readonly known: readonly KnownKey[];
  readonly isAllowed: (id: string) => boolean;
}

async function check(
  armoredSignature: string,
  payload: Uint8Array,
  { known, isAllowed }: Allowed,
): Promise<Verdict> {
  const { createMessage, readSignature, verify } = await import("openpgp");
  const signature = await readSignature({ armoredSignature }).catch(() => undefined);
  const id = signature?.getSigningKeyIDs()[0]?.toHex().toUpperCase();
  if (signature === undefined || id === undefined) {
    return { ok: false, reason: "has a PGP signature that cannot be read" };
  }
  const signer = known.find(({ ids }) => ids.includes(id));
  if (signer === undefined) {
    return { ok: false, reason: `is signed with the key ${id}, which argocd-gpg-keys-cm does not have` };
  }
  if (!signer.ids.some(isAllowed)) return { ok: false, reason: `is signed with the key ${id}` };
  const message = await createMessage({ binary: Uint8Array.from(payload) });
  const [checked] = (await verify({ message, signature, verificationKeys: signer.key })).signatures;
  if (checked === undefined) return { ok: false, reason: "has a PGP signature that cannot be read" };
  try {
    await checked.verified;
    return { ok: true, key: id };
  } catch (error) {
    const reason = messageOf(error).replace(/\s+/gu, " ").slice(0, 200);
    return { ok: false, reason: `has a signature of the key ${id} that does not hold: ${reason}` };
  }
}
