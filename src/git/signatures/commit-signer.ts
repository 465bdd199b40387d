import { createHash, createPrivateKey, sign as signBytes } from "node:crypto";
import { MooringError, messageOf } from "#core/errors/index.ts";
import type { SigningKey } from "#ports/git-writer.ts";
import type { SshKey } from "#runtime/ssh-key.ts";
import { readSshKey } from "#runtime/ssh-key.ts";
import { sshString } from "#runtime/ssh-reader.ts";

/** Gives an armored signature of bytes. */
export type SignBytes = (payload: Uint8Array) => Promise<string>;

/**
 * Reads a private key to sign commits with: PGP, armored, or SSH. With a moment, what it signs then is signed the same each time, as far as
 * the kind of the key lets it. Throws CONFIG_INVALID, which never repeats any of the key.
 */
export async function openCommitSigner({ key, passphrase }: SigningKey, dateMs?: number): Promise<SignBytes> {
  try {
    if (key.includes("-----BEGIN PGP PRIVATE KEY BLOCK-----")) return await openPgp(key, passphrase, dateMs);
    const read = readSshKey(key);
    return async (payload) => armor(signSsh(read, payload));
  } catch (error) {
    const why =
      error instanceof TypeError
        ? messageOf(error)
        : "it is neither an armored PGP private key nor an SSH private key";
    throw new MooringError("CONFIG_INVALID", `signing key: cannot be used: ${why}`);
  }
}

async function openPgp(
  armoredKey: string,
  passphrase: string | undefined,
  dateMs: number | undefined,
): Promise<SignBytes> {
  const { createMessage, decryptKey, readPrivateKey, sign } = await import("openpgp");
  const locked = await readPrivateKey({ armoredKey });
  if (!locked.isDecrypted() && passphrase === undefined) throw new TypeError("it needs a passphrase");
  const privateKey = locked.isDecrypted()
    ? locked
    : await decryptKey({ privateKey: locked, passphrase: passphrase ?? "" }).catch(() => {
        throw new TypeError("the passphrase is not that of the key");
      });
  await privateKey.getSigningKey().catch((error: unknown) => {
    throw new TypeError(`it cannot sign: ${messageOf(error)}; renew it, or give another`);
  });
  return async (payload) => {
    const message = await createMessage({ binary: payload });
    const signature = await sign({
      message,
      signingKeys: privateKey,
      detached: true,
      // Otherwise it has a random note in it.
      ...(dateMs !== undefined && {
        date: new Date(dateMs),
        config: { nonDeterministicSignaturesViaNotation: false },
      }),
    });
    return String(signature).replaceAll("\r\n", "\n").trim();
  };
}

const magic = Buffer.from("SSHSIG");
const namespace = "git";
const hash = "sha512";

/** OpenSSH, PROTOCOL.sshsig. */
function signSsh(key: SshKey, payload: Uint8Array): Buffer {
  const digest = createHash(hash).update(payload).digest();
  const fields = [namespace, "", hash].map((text) => Buffer.from(text));
  const message = Buffer.concat([magic, ...[...fields, digest].map((part) => sshString(part))]);
  const [algorithm, bytes] =
    key.type === "rsa"
      ? (["rsa-sha2-512", signBytes("sha512", message, key.privateKey)] as const)
      : (["ssh-ed25519", signBytes(null, message, ed25519Key(key))] as const);
  const signature = Buffer.concat([Buffer.from(algorithm), bytes].map((part) => sshString(part)));
  const version = Buffer.of(0, 0, 0, 1);
  return Buffer.concat([
    magic,
    version,
    ...[Buffer.from(key.publicBlob), ...fields, signature].map((part) => sshString(part)),
  ]);
}

/** The seed in the only form of PKCS #8 that an Ed25519 key has (RFC 8410, section 7). */
function ed25519Key({
  seed,
}: Extract<SshKey, { readonly type: "ed25519" }>): ReturnType<typeof createPrivateKey> {
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  return createPrivateKey({ key: Buffer.concat([prefix, seed]), format: "der", type: "pkcs8" });
}

function armor(signature: Buffer): string {
  const lines = signature.toString("base64").match(/.{1,70}/gu) ?? [];
  return ["-----BEGIN SSH SIGNATURE-----", ...lines, "-----END SSH SIGNATURE-----"].join("\n");
}

/** A raw commit with a signature of it: a header behind the others, whose further lines begin with a space (gitformat-signature). */
export async function signCommit(raw: Uint8Array, sign: SignBytes): Promise<Buffer> {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const end = text.indexOf("\n\n");
  const isSha256 = /^tree [0-9a-f]{64}$/mu.test(text.toString("latin1", 0, 80));
  const signature = (await sign(raw)).replaceAll("\n", "\n ");
  const header = `\n${isSha256 ? "gpgsig-sha256" : "gpgsig"} ${signature}`;
  return Buffer.concat([text.subarray(0, end), Buffer.from(header), text.subarray(end)]);
}
