import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formatObjectKey, keyOf, labelsOf, viewObject, viewString } from "#core/object/index.ts";
import { decodeBase64Text } from "#core/repo/index.ts";

/** Finds the Secrets, by the value `sops-keys`. */
export const dataKeysLabel = "mooring.dev/secret-type";

export interface PrivateKey {
  readonly type: "age" | "ssh" | "pgp";
  /** `Secret/argocd/sops-age field shop.agekey`, for messages. */
  readonly origin: string;
  /** An age identity, or armored text. */
  readonly text: string;
}

export interface DataKeySecret {
  /** The project that may use the keys; empty for every project. */
  readonly project: string;
  readonly keys: readonly PrivateKey[];
}

const sshKey = /-----BEGIN (OPENSSH|RSA) PRIVATE KEY-----[^-]+-----END \1 PRIVATE KEY-----/g;
const pgpKey = /-----BEGIN PGP PRIVATE KEY BLOCK-----[^-]+-----END PGP PRIVATE KEY BLOCK-----/g;
const ageKey = /^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+$/;

/**
 * Reads a Secret labelled `mooring.dev/secret-type: sops-keys`: entries `*.agekey` hold age identities, one a line, or SSH
 * private keys, entries `*.asc` armored PGP private keys, and `project` the project that they are for. Throws
 * CONFIG_INVALID that names the Secret and the field, never a value.
 */
export function parseDataKeySecret(secret: KubeObject): DataKeySecret {
  const keys = fieldsOf(secret).flatMap((field) => {
    if (field.endsWith(".agekey")) return readAgeEntry(secret, field);
    return field.endsWith(".asc") ? readPgpEntry(secret, field) : [];
  });
  if (keys.length === 0) {
    invalid(secret, "data", "holds no key; give it an entry such as age.agekey or pgp.asc");
  }
  return { project: readText(secret, "project").trim(), keys };
}

/** The keys that a project's files may be decrypted with, in an order that does not change. */
export function dataKeysOf(secrets: readonly DataKeySecret[], project: string): readonly PrivateKey[] {
  return secrets
    .filter((secret) => secret.project === "" || secret.project === project)
    .flatMap((secret) => secret.keys)
    .toSorted((a, b) => (a.origin < b.origin ? -1 : Number(a.origin > b.origin)));
}

function fieldsOf(secret: KubeObject): readonly string[] {
  return [...new Set(["data", "stringData"].flatMap((part) => Object.keys(viewObject(secret, part))))];
}

function readText(secret: KubeObject, field: string): string {
  const plain = viewString(secret, "stringData", field);
  if (plain !== undefined) return plain;
  const text = decodeBase64Text(viewString(secret, "data", field) ?? "");
  return text ?? invalid(secret, field, "is not base64 of UTF-8 text; encode it again");
}

function readAgeEntry(secret: KubeObject, field: string): readonly PrivateKey[] {
  const text = readText(secret, field);
  const origin = originOf(secret, field);
  const found = text.match(sshKey) ?? [];
  if (found.length > 0) return found.map((key) => ({ type: "ssh", origin, text: key }));
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const identities = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (identities.length === 0 || !identities.every((line) => ageKey.test(line))) {
    invalid(secret, field, "must hold lines that begin with AGE-SECRET-KEY-1, or an SSH private key");
  }
  return identities.map((line) => ({ type: "age", origin, text: line }));
}

function readPgpEntry(secret: KubeObject, field: string): readonly PrivateKey[] {
  const found = readText(secret, field).match(pgpKey) ?? [];
  if (found.length === 0) {
    invalid(
      secret,
      field,
      "holds no armored PGP private key; export it with gpg --export-secret-keys --armor",
    );
  }
  return found.map((key) => ({ type: "pgp", origin: originOf(secret, field), text: key }));
}

function originOf(secret: KubeObject, field: string): string {
  return `${formatObjectKey(keyOf(secret))} field ${field}`;
}

function invalid(secret: KubeObject, field: string, reason: string): never {
  const name = formatObjectKey(keyOf(secret));
  throw new MooringError("CONFIG_INVALID", `${name}: field ${field} ${reason}`, { key: name });
}

/** True for a Secret that holds such keys. */
export function isDataKeySecret(secret: KubeObject): boolean {
  return labelsOf(secret)[dataKeysLabel] === "sops-keys";
}
