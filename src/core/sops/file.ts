import { MooringError } from "#core/errors/index.ts";
import type { SopsCrypto, SopsDecrypted } from "./decrypt.ts";
import { decryptSops } from "./decrypt.ts";
import { readDotenvTree, writeDotenv } from "./dotenv-text.ts";
import { readJsonTree, writeJsonTree } from "./json-text.ts";
import type { SopsMetadata } from "./metadata.ts";
import { parseSopsMetadata } from "./metadata.ts";
import type { SopsMap, SopsScalar } from "./tree.ts";
import { entryOf } from "./tree.ts";

/** What was encrypted in a file, as text for the file's readers. */
export interface SopsPlain {
  readonly content: string | Uint8Array;
  /** Every value that was encrypted, to find it again in what is made of the file. */
  readonly secrets: readonly string[];
}

/** A file or document encrypted with SOPS. */
export interface SopsFile {
  /** One, or one for each independently encrypted document of a YAML file. */
  readonly metadata: readonly SopsMetadata[];
  /** `dataKeys` in the order of `metadata`. Throws SECRET_INVALID. */
  decrypt(dataKeys: readonly Uint8Array[], crypto: SopsCrypto): SopsPlain;
}

/** Every file encrypted with SOPS holds it: at least in its authentication code. */
export const sopsMark = "ENC[AES256_GCM,";

/** How a file encrypted with SOPS is written. Its name decides for YAML; otherwise what it says itself. */
export function sopsFormatOf(file: string, text: string): "yaml" | "json" | "dotenv" | "ini" | undefined {
  if (!text.includes(sopsMark)) return undefined;
  if (/\.ya?ml$/.test(file) || /^sops:/m.test(text)) return "yaml";
  if (/^\s*\{/.test(text)) return "json";
  if (/^sops_mac=/m.test(text)) return "dotenv";
  return /^\[sops\]/m.test(text) ? "ini" : undefined;
}

/** A JSON file, or a binary one in SOPS's JSON envelope; undefined when it is not encrypted. */
export function openSopsJson(file: string, text: string): SopsFile | undefined {
  const tree = readJsonTree(text);
  const sops = tree === undefined ? undefined : entryOf(tree, "sops");
  if (tree === undefined || sops === undefined) return undefined;
  const metadata = parseSopsMetadata(sops, file);
  const document = withoutMetadata(tree);
  return {
    metadata: [metadata],
    decrypt: ([dataKey = new Uint8Array()], crypto) => {
      const input = { documents: [document], metadata, dataKey, file, verifyMac: true, crypto };
      const decrypted = decryptSops(input);
      const envelope = file.endsWith(".json") ? undefined : contentOf(document, decrypted);
      const content = envelope ?? readable(file, () => writeJsonTree(document, readerOf(decrypted)));
      return { content, secrets: secretsOf(decrypted) };
    },
  };
}

/** The content of a binary file: all there is in its envelope. */
function contentOf({ entries }: SopsMap, decrypted: SopsDecrypted): string | Uint8Array | undefined {
  const [only] = entries;
  if (entries.length !== 1 || only?.key !== "data" || only.value.kind !== "scalar") return undefined;
  const leaf = readerOf(decrypted)(only.value);
  return leaf.bytes ?? (leaf.type === "str" ? leaf.text : undefined);
}

/** Undefined when the file is not encrypted. */
export function openSopsDotenv(file: string, text: string): SopsFile | undefined {
  const read = readDotenvTree(text);
  if (read === undefined) return undefined;
  const { lines, document, sops } = read;
  const metadata = parseSopsMetadata(sops, file);
  const comments = lines.flatMap((line) => ("comment" in line ? [line.comment] : []));
  return {
    metadata: [metadata],
    decrypt: ([dataKey = new Uint8Array()], crypto) => {
      const input = { documents: [document], comments, metadata, dataKey, file, verifyMac: true, crypto };
      const decrypted = decryptSops(input);
      const content = readable(file, () => writeDotenv(lines, readerOf(decrypted)));
      return { content, secrets: secretsOf(decrypted) };
    },
  };
}

export function withoutMetadata(tree: SopsMap): SopsMap {
  return { kind: "map", entries: tree.entries.filter(({ key }) => key !== "sops") };
}

export function readerOf({ values }: SopsDecrypted): (leaf: SopsScalar) => SopsScalar {
  return (leaf) => values.get(leaf) ?? leaf;
}

/** The texts of what was decrypted; true and false would be found everywhere and tell nothing. */
export function secretsOf({ values }: SopsDecrypted): readonly string[] {
  return [...values.values()].flatMap(({ type, text }) =>
    type === "bool" || type === "bytes" ? [] : [text],
  );
}

function readable(file: string, write: () => string): string {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MooringError(
      "SECRET_INVALID",
      `${file}: an encrypted value is no UTF-8 text; encrypt the file as binary, or put the value into base64`,
      { cause: error },
    );
  }
}

/** Throws SECRET_ENCRYPTED for what cannot be decrypted here at all. */
export function refuseIni(file: string): never {
  throw new MooringError(
    "SECRET_ENCRYPTED",
    `${file}: INI files encrypted with SOPS are not supported; keep it as YAML, JSON, dotenv or binary`,
  );
}
