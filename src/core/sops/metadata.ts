import { MooringError } from "#core/errors/index.ts";
import type { SopsMap, SopsNode } from "./tree.ts";
import { entryOf } from "./tree.ts";

/** One master key that a file's data key is encrypted for; `enc` is the encrypted data key. */
export type SopsMasterKey =
  | { readonly type: "age"; readonly recipient: string; readonly enc: string }
  | { readonly type: "pgp"; readonly fingerprint: string; readonly enc: string }
  | {
      readonly type: "kms";
      readonly arn: string;
      readonly role: string;
      readonly profile: string;
      readonly context: Readonly<Record<string, string>>;
      readonly enc: string;
    }
  | { readonly type: "gcp_kms"; readonly resourceId: string; readonly enc: string }
  | {
      readonly type: "azure_kv";
      readonly vaultUrl: string;
      readonly name: string;
      readonly version: string;
      readonly enc: string;
    }
  | {
      readonly type: "hc_vault";
      readonly address: string;
      readonly enginePath: string;
      readonly keyName: string;
      readonly enc: string;
    }
  | { readonly type: "hckms"; readonly keyId: string; readonly enc: string };

/** What is needed to get a file's data key; holds nothing secret. */
export interface SopsKeySet {
  /** Any key of a group gives that group's part; with several groups, `threshold` parts make the data key. */
  readonly groups: readonly (readonly SopsMasterKey[])[];
  readonly threshold: number;
}

/** Which values are encrypted. */
export type SopsRule =
  | { readonly kind: "encrypted_suffix" | "unencrypted_suffix"; readonly suffix: string }
  | { readonly kind: "encrypted_regex" | "unencrypted_regex"; readonly pattern: string }
  | { readonly kind: "encrypted_comment_regex" | "unencrypted_comment_regex" };

export interface SopsMetadata {
  readonly keys: SopsKeySet;
  readonly rule: SopsRule;
  /** The encrypted authentication code, bound to `lastModified`. */
  readonly mac: string;
  readonly lastModified: string;
  readonly macOnlyEncrypted: boolean;
}

/** Far beyond what SOPS writes, far below what would keep anybody busy. */
const maxKeys = 200;
const maxEncLength = 16 * 1024;

type Fail = (field: string, problem: string) => never;
type Read = (field: string) => string;

/** Reads the value of a document's `sops` key. `file` names it in messages. Throws SECRET_INVALID that names the field. */
export function parseSopsMetadata(node: SopsNode | undefined, file: string): SopsMetadata {
  const fail: Fail = (field, problem) => {
    throw new MooringError("SECRET_INVALID", `${file}: field ${field} ${problem}`);
  };
  if (node?.kind !== "map") return fail("sops", "is no map; encrypt the file anew with sops");
  const read = reader(node, "sops", fail);
  const mac = read("mac");
  if (mac === "") fail("sops.mac", "is missing; encrypt the file anew with sops");
  return {
    keys: readKeys(node, fail),
    rule: readRule(read, fail),
    mac,
    lastModified: readTime(read("lastmodified"), fail),
    macOnlyEncrypted: read("mac_only_encrypted").toLowerCase() === "true",
  };
}

function reader(map: SopsMap, at: string, fail: Fail): Read {
  return (field) => {
    const found = entryOf(map, field);
    if (found === undefined) return "";
    return found.kind === "scalar" ? found.text : fail(`${at}.${field}`, "must be text");
  };
}

function readRule(read: Read, fail: Fail): SopsRule {
  const kinds = [
    "unencrypted_suffix",
    "encrypted_suffix",
    "unencrypted_regex",
    "encrypted_regex",
    "unencrypted_comment_regex",
    "encrypted_comment_regex",
  ] as const;
  const [kind, ...others] = kinds.filter((name) => read(name) !== "");
  if (others.length > 0) fail(`sops.${others[0]}`, `stands beside ${kind}; only one rule may be set`);
  switch (kind) {
    case undefined:
      return { kind: "unencrypted_suffix", suffix: "_unencrypted" };
    case "unencrypted_suffix":
    case "encrypted_suffix":
      return { kind, suffix: read(kind) };
    case "unencrypted_regex":
    case "encrypted_regex":
      return { kind, pattern: read(kind) };
    case "unencrypted_comment_regex":
    case "encrypted_comment_regex":
      return { kind };
    default:
      throw new Error(`unhandled rule: ${JSON.stringify(kind satisfies never)}`);
  }
}

/** RFC 3339 without fractions, a zero offset as Z: the form that the authentication code is bound to. */
function readTime(text: string, fail: Fail): string {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[-+]\d\d:\d\d)$/.exec(text);
  if (parts === null)
    return fail("sops.lastmodified", "is no RFC 3339 time; encrypt the file anew with sops");
  return `${parts[1]}${/^[-+]00:00$/.test(parts[2] ?? "") ? "Z" : parts[2]}`;
}

function readKeys(sops: SopsMap, fail: Fail): SopsKeySet {
  const own = readGroup(sops, "sops", fail);
  const listed = entryOf(sops, "key_groups");
  const groups =
    own.length > 0
      ? [own]
      : (listed?.kind === "list" ? listed.items : []).map((group, at) =>
          group.kind === "map"
            ? readGroup(group, `sops.key_groups[${at}]`, fail)
            : fail(`sops.key_groups[${at}]`, "must be a map of keys"),
        );
  if (groups.length === 0) fail("sops", "names no key; encrypt the file anew with sops");
  if (groups.flat().length > maxKeys) fail("sops", `names more than ${maxKeys} keys`);
  const threshold = Number(reader(sops, "sops", fail)("shamir_threshold"));
  if (!Number.isSafeInteger(threshold) || threshold < 0 || threshold > groups.length) {
    fail("sops.shamir_threshold", "must be a number of key groups");
  }
  return { groups, threshold: groups.length === 1 ? 1 : threshold === 0 ? groups.length : threshold };
}

const keyTypes = ["age", "pgp", "kms", "gcp_kms", "azure_kv", "hc_vault", "hckms"] as const;

/** In the order in which SOPS tries them. */
function readGroup(group: SopsMap, at: string, fail: Fail): readonly SopsMasterKey[] {
  return keyTypes.flatMap((type) => {
    const list = entryOf(group, type);
    if (list === undefined || (list.kind === "scalar" && list.type === "null")) return [];
    if (list.kind !== "list") return fail(`${at}.${type}`, "must be a list of keys");
    return list.items.map((item, index) => {
      const place = `${at}.${type}[${index}]`;
      if (item.kind !== "map") return fail(place, "must be a map");
      const read = reader(item, place, fail);
      if (read("enc") === "") fail(`${place}.enc`, "is missing; encrypt the file anew with sops");
      if (read("enc").length > maxEncLength)
        fail(`${place}.enc`, `is longer than ${maxEncLength} characters`);
      return readKey(type, read, item);
    });
  });
}

function readKey(type: (typeof keyTypes)[number], read: Read, map: SopsMap): SopsMasterKey {
  const enc = read("enc");
  switch (type) {
    case "age":
      return { type, recipient: read("recipient"), enc };
    case "pgp":
      return { type, fingerprint: read("fp"), enc };
    case "kms":
      return {
        type,
        arn: read("arn"),
        role: read("role"),
        profile: read("aws_profile"),
        context: readContext(entryOf(map, "context")),
        enc,
      };
    case "gcp_kms":
      return { type, resourceId: read("resource_id"), enc };
    case "azure_kv":
      return { type, vaultUrl: read("vault_url"), name: read("name"), version: read("version"), enc };
    case "hc_vault":
      return {
        type,
        address: read("vault_address"),
        enginePath: read("engine_path"),
        keyName: read("key_name"),
        enc,
      };
    case "hckms":
      return { type, keyId: read("key_id"), enc };
    default:
      throw new Error(`unhandled key type: ${JSON.stringify(type satisfies never)}`);
  }
}

function readContext(node: SopsNode | undefined): Readonly<Record<string, string>> {
  if (node?.kind !== "map") return {};
  return Object.fromEntries(
    node.entries.flatMap(({ key, value }) => (value.kind === "scalar" ? [[key, value.text]] : [])),
  );
}

/** How a master key is named in messages; nothing of it is secret. */
export function formatMasterKey(key: SopsMasterKey): string {
  switch (key.type) {
    case "age":
      return `age recipient ${key.recipient}`;
    case "pgp":
      return `PGP key ${key.fingerprint}`;
    case "kms":
      return `AWS KMS key ${key.arn}`;
    case "gcp_kms":
      return `Google Cloud KMS key ${key.resourceId}`;
    case "azure_kv":
      return `Azure Key Vault key ${key.vaultUrl}/keys/${key.name}`;
    case "hc_vault":
      return `Vault transit key ${key.address}/${key.enginePath}/${key.keyName}`;
    case "hckms":
      return `Huawei Cloud KMS key ${key.keyId}`;
    default:
      throw new Error(`unhandled key: ${JSON.stringify(key satisfies never)}`);
  }
}
