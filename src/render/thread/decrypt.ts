import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewString } from "#core/object/index.ts";
import type { SopsFile, SopsKeySet, SopsPlain } from "#core/sops/index.ts";
import {
  decryptSops,
  keepAnnotationOf,
  keepsEncryption,
  openSopsDotenv,
  openSopsJson,
  parseSopsMetadata,
  readerOf,
  refuseIni,
  scalarValue,
  secretsOf,
  sopsFormatOf,
  sopsMark,
  treeOf,
  valueOf,
  withoutMetadata,
} from "#core/sops/index.ts";
import { sopsCrypto } from "./sops-crypto.ts";
import { openSopsYaml } from "./sops-yaml.ts";

/** Decrypts what SOPS encrypted, for one render. Private keys stay on the main thread, which gives out data keys. */
export interface Decryption {
  /** A file as its reader wants it: decrypted when it is encrypted, else the very same bytes. Throws a `SECRET_` error. */
  file(path: string, content: Uint8Array): Uint8Array;
  /** An object that a tool made with its `sops` block left in, decrypted; any other as it is. */
  object(object: JsonObject, origin: string): JsonObject;
  /** Every value decrypted so far. */
  readonly secrets: ReadonlySet<string>;
  /** True when anything was decrypted. */
  readonly used: boolean;
}

export function createDecryption(askDataKey: (keys: SopsKeySet) => Uint8Array): Decryption {
  const secrets = new Set<string>();
  let used = false;
  const note = (found: readonly string[]): void => {
    used = true;
    for (const secret of found) secrets.add(secret);
  };
  const withKeys = <T>(file: string, keySets: readonly SopsKeySet[], use: (keys: Uint8Array[]) => T): T => {
    const dataKeys = keySets.map((keys) => askFor(file, keys, askDataKey));
    try {
      return use(dataKeys);
    } finally {
      for (const dataKey of dataKeys) dataKey.fill(0);
    }
  };
  const decryptFile = (path: string, sops: SopsFile): SopsPlain =>
    withKeys(
      path,
      sops.metadata.map(({ keys }) => keys),
      (dataKeys) => sops.decrypt(dataKeys, sopsCrypto),
    );
  return {
    file: (path, content) => {
      const sops = openSops(path, content);
      if (sops === undefined) return content;
      const plain = decryptFile(path, sops);
      note(plain.secrets);
      return typeof plain.content === "string" ? Buffer.from(plain.content) : plain.content;
    },
    object: (object, origin) => {
      if (!holdsSops(object)) return object;
      const metadata = parseSopsMetadata(treeOf(object["sops"]), origin);
      const { value, found } = withKeys(origin, [metadata.keys], ([dataKey = new Uint8Array()]) =>
        decryptObject(object, { metadata, dataKey, file: origin }),
      );
      note(found);
      return value;
    },
    secrets,
    get used() {
      return used;
    },
  };
}

function openSops(path: string, content: Uint8Array): SopsFile | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (!bytes.includes(sopsMark)) return undefined;
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  const format = sopsFormatOf(path, text);
  switch (format) {
    case undefined:
      return undefined;
    case "yaml":
      return openSopsYaml(path, text.replaceAll(/\r\n?/g, "\n"));
    case "json":
      return openSopsJson(path, text);
    case "dotenv":
      return openSopsDotenv(path, text);
    case "ini":
      return refuseIni(path);
    default:
      throw new Error(`unhandled format: ${JSON.stringify(format satisfies never)}`);
  }
}

function askFor(file: string, keys: SopsKeySet, ask: (keys: SopsKeySet) => Uint8Array): Uint8Array {
  try {
    return ask(keys);
  } catch (error) {
    if (!isMooringError(error) || !error.code.startsWith("SECRET_")) throw error;
    throw new MooringError(error.code, `${file}: ${error.message}`, { cause: error });
  }
}

function holdsSops(object: JsonObject): boolean {
  const sops = object["sops"];
  if (!isJsonObject(sops) || typeof sops["mac"] !== "string") return false;
  return !keepsEncryption(viewString(object, "kind"), keepAnnotationOf(object));
}

/** Tools reorder keys and add fields, so the authentication code cannot be verified; each value is authentic at its path. */
function decryptObject(
  object: JsonObject,
  input: Omit<Parameters<typeof decryptSops>[0], "documents" | "verifyMac" | "crypto">,
): { readonly value: JsonObject; readonly found: readonly string[] } {
  const tree = treeOf(object);
  const document = withoutMetadata(tree.kind === "map" ? tree : { kind: "map", entries: [] });
  const decrypted = decryptSops({ ...input, documents: [document], verifyMac: false, crypto: sopsCrypto });
  const read = readerOf(decrypted);
  try {
    const value = valueOf(document, (leaf) => scalarValue(read(leaf)));
    return { value: isJsonObject(value) ? value : {}, found: secretsOf(decrypted) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MooringError(
      "SECRET_INVALID",
      `${input.file}: an encrypted value is no UTF-8 text; put it into base64 before it is encrypted`,
      { cause: error },
    );
  }
}
