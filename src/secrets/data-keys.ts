import type { PrivateKey } from "#core/data-keys/index.ts";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { SopsKeySet, SopsMasterKey } from "#core/sops/index.ts";
import { combineParts, formatMasterKey } from "#core/sops/index.ts";
import type { DataKeys } from "#ports/data-keys.ts";
import { openAgeIdentity, openSshIdentity } from "./age.ts";
import type { KeyIdentity } from "./identity.ts";
import { identityOf } from "./identity.ts";
import type { KeyService } from "./key-service.ts";
import { openPgpIdentity } from "./pgp.ts";

export interface DataKeysOptions {
  readonly keys: readonly PrivateKey[];
  readonly services?: readonly KeyService[];
}

const dataKeyBytes = 32;

/** Unwraps data keys with these private keys and key services. Nothing is parsed before it is first needed. */
export function createDataKeys({ keys, services = [] }: DataKeysOptions): DataKeys {
  let opened: Promise<Keyring> | undefined;
  const keyring = (): Promise<Keyring> => (opened ??= openKeyring(keys, services));
  return {
    identity: async () => {
      const { identities, broken } = await keyring();
      return identityOf([...identities.map(({ id }) => id), ...broken, ...services.map(({ name }) => name)]);
    },
    unwrap: async (keySet, signal) => unwrapDataKey(keySet, await keyring(), signal),
  };
}

interface Keyring {
  readonly identities: readonly KeyIdentity[];
  readonly services: readonly KeyService[];
  /** Entries that hold no usable key, and why. */
  readonly broken: readonly string[];
}

async function openKeyring(keys: readonly PrivateKey[], services: readonly KeyService[]): Promise<Keyring> {
  const identities: KeyIdentity[] = [];
  const broken: string[] = [];
  for (const key of keys) {
    try {
      identities.push(await openIdentity(key));
    } catch (error) {
      // Only our own words: a library's message might quote the key.
      const reason =
        error instanceof TypeError && error.message.startsWith("it ") ? error.message : "it is damaged";
      broken.push(`${key.origin} cannot be used: ${reason}`);
    }
  }
  return { identities, services, broken };
}

async function openIdentity({ type, text }: PrivateKey): Promise<KeyIdentity> {
  switch (type) {
    case "age":
      return await openAgeIdentity(text);
    case "ssh":
      return openSshIdentity(text);
    case "pgp":
      return await openPgpIdentity(text);
    default:
      throw new Error(`unhandled key: ${JSON.stringify(type satisfies never)}`);
  }
}

async function unwrapDataKey(keySet: SopsKeySet, keyring: Keyring, signal: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const failures: MooringError[] = [];
  for (const group of keySet.groups) {
    if (parts.length === keySet.threshold) break;
    const part = await unwrapPart(group, { keyring, failures }, signal);
    if (part !== undefined) parts.push(part);
  }
  const [only] = parts;
  if (only === undefined || parts.length < keySet.threshold) {
    throw failures[0] ?? missing(keySet, keyring, parts.length);
  }
  const dataKey = keySet.groups.length === 1 ? only : combine(parts);
  if (dataKey.length !== dataKeyBytes) throw damaged("the data key has the wrong length");
  return dataKey;
}

function combine(parts: readonly Uint8Array[]): Uint8Array {
  try {
    return combineParts(parts);
  } catch (error) {
    throw damaged("the parts of its key groups do not fit together", error);
  }
}

interface Unwrapping {
  readonly keyring: Keyring;
  /** Of keys that should have opened a part; another key may still open it. */
  readonly failures: MooringError[];
}

/** The first key of the group that opens. */
async function unwrapPart(
  group: readonly SopsMasterKey[],
  { keyring, failures }: Unwrapping,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const openers = (key: SopsMasterKey): readonly (() => Promise<Uint8Array | undefined>)[] => [
    ...keyring.identities.map((identity) => async () => await openWith(identity, key)),
    ...keyring.services
      .filter((one) => one.serves(key))
      .map((one) => async () => await one.decrypt(key, signal)),
  ];
  for (const open of group.flatMap((key) => openers(key))) {
    signal.throwIfAborted();
    try {
      const part = await open();
      if (part !== undefined) return part;
    } catch (error) {
      if (!isMooringError(error)) throw error;
      failures.push(error);
    }
  }
  return undefined;
}

async function openWith(identity: KeyIdentity, key: SopsMasterKey): Promise<Uint8Array | undefined> {
  try {
    return await identity.decrypt(key);
  } catch (error) {
    throw damaged(`what is encrypted for ${formatMasterKey(key)} cannot be opened with that key`, error);
  }
}

/** The cause is left out where it might quote what it read. */
function damaged(problem: string, cause?: unknown): MooringError {
  return new MooringError(
    "SECRET_INVALID",
    `${problem}; run sops updatekeys on the file`,
    cause instanceof RangeError ? { cause } : {},
  );
}

const serviceTypes: ReadonlySet<SopsMasterKey["type"]> = new Set([
  "kms",
  "gcp_kms",
  "azure_kv",
  "hc_vault",
  "hckms",
]);

function missing({ groups, threshold }: SopsKeySet, { broken }: Keyring, found: number): MooringError {
  const all = groups.flat();
  const names = all.slice(0, 10).map((key) => formatMasterKey(key));
  const listed = `${names.join(", ")}${all.length > names.length ? " and others" : ""}`;
  if (all.every((key) => serviceTypes.has(key.type))) {
    return new MooringError(
      "SECRET_KEY_SERVICE",
      `it is encrypted for ${listed}, and no such key service is configured; encrypt it for an age or PGP key too`,
    );
  }
  const need =
    groups.length === 1
      ? "none of these keys is known"
      : `${found} of the ${threshold} key groups needed can be opened`;
  const hints = broken.map((entry) => ` (${entry})`).join("");
  return new MooringError(
    "SECRET_KEY_MISSING",
    `it is encrypted for ${listed}; ${need}; add one to a Secret labelled mooring.dev/secret-type=sops-keys${hints}`,
  );
}
