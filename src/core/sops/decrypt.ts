import { MooringError } from "#core/errors/index.ts";
import { compileGoRegExp } from "./go-regexp.ts";
import type { SopsMetadata, SopsRule } from "./metadata.ts";
import type { FieldPath, SopsMap, SopsNode, SopsScalar } from "./tree.ts";
import { formatPath, plainDecimal, scalar } from "./tree.ts";

/** The parts of an encrypted value, in base64. */
interface SealedValue {
  readonly data: string;
  readonly iv: string;
  readonly tag: string;
}

/** What core may not do itself. */
export interface SopsCrypto {
  /** AES-256-GCM with an iv of any length; undefined when the value is not authentic. */
  readonly open: (sealed: SealedValue, key: Uint8Array, additionalData: string) => Uint8Array | undefined;
  readonly startSha512: () => {
    readonly update: (part: string | Uint8Array) => void;
    readonly digestHex: () => string;
  };
  /** Undefined when the bytes are no UTF-8. */
  readonly decodeText: (bytes: Uint8Array) => string | undefined;
}

export interface SopsInput {
  /** Without their metadata; all documents of a file share one authentication code. */
  readonly documents: readonly SopsMap[];
  /** At the top level; no part of the authentication code. */
  readonly comments?: readonly SopsScalar[];
  readonly metadata: SopsMetadata;
  readonly dataKey: Uint8Array;
  /** For messages. */
  readonly file: string;
  /** False where the order of keys is no longer the file's: values are still authentic at their path. */
  readonly verifyMac: boolean;
  readonly crypto: SopsCrypto;
}

export interface SopsDecrypted {
  /** What each encrypted leaf stands for, by identity. */
  readonly values: ReadonlyMap<SopsScalar, SopsScalar>;
  /** Of the decrypted leaves, for each document. */
  readonly secretPaths: readonly (readonly FieldPath[])[];
}

const sealedForm = /^ENC\[AES256_GCM,data:([^,]+),iv:([^,]+),tag:([^,]+),type:(\w+)\]/;
/** SHA-256 of `sops`: a code over encrypted values only never equals one over all. */
const macOnlyEncryptedStart = "8a3fd2ad54ce66527b1034f3d147be0b0b975b3bf44f72c6fdadec8176f27d69";

/** True for a text in the form of SOPS's encrypted values. */
export function isSealed(text: string): boolean {
  return text.startsWith("ENC[AES256_GCM,") && sealedForm.test(text);
}

/**
 * Decrypts every value that the rule selects and verifies the authentication code. Throws SECRET_INVALID that names file and
 * field, never a value.
 */
export function decryptSops(input: SopsInput): SopsDecrypted {
  const { metadata, crypto, documents } = input;
  const hash = crypto.startSha512();
  if (metadata.macOnlyEncrypted) hash.update(bytesOfHex(macOnlyEncryptedStart));
  const walk: Walk = {
    input,
    isEncrypted: compileRule(metadata.rule, input.file),
    values: new Map(),
    paths: [],
    hash: (leaf) => hash.update(leaf.bytes ?? macText(leaf)),
  };
  const secretPaths = documents.map((document) => {
    walk.paths.length = 0;
    visit(document, { keys: [], path: [] }, walk);
    return [...walk.paths];
  });
  for (const comment of input.comments ?? []) openComment(comment, walk);
  if (input.verifyMac) verifyMac(input, hash.digestHex());
  return { values: walk.values, secretPaths };
}

/** Older files hold comments that were never encrypted. */
function openComment(comment: SopsScalar, { input, values }: Walk): void {
  const [, data = "", iv = "", tag = "", type] = sealedForm.exec(comment.text) ?? [];
  if (type !== "comment") return;
  const bytes = input.crypto.open({ data, iv, tag }, input.dataKey, ":");
  const text = bytes === undefined ? undefined : input.crypto.decodeText(bytes);
  if (text !== undefined) values.set(comment, scalar("comment", text));
}

interface Walk {
  readonly input: SopsInput;
  readonly isEncrypted: (keys: readonly string[], text: string) => boolean;
  readonly values: Map<SopsScalar, SopsScalar>;
  readonly paths: FieldPath[];
  readonly hash: (leaf: SopsScalar) => void;
}

interface Place {
  /** What the value is bound to: field names only, list positions left out. */
  readonly keys: readonly string[];
  readonly path: FieldPath;
}

function visit(node: SopsNode, at: Place, walk: Walk): void {
  switch (node.kind) {
    case "map":
      for (const { key, value } of node.entries) {
        visit(value, { keys: [...at.keys, key], path: [...at.path, key] }, walk);
      }
      return;
    case "list":
      for (const [index, item] of node.items.entries()) {
        visit(item, { keys: at.keys, path: [...at.path, index] }, walk);
      }
      return;
    case "scalar":
      return visitLeaf(node, at, walk);
    default:
      throw new Error(`unhandled node: ${JSON.stringify(node satisfies never)}`);
  }
}

function visitLeaf(leaf: SopsScalar, at: Place, walk: Walk): void {
  if (leaf.type === "null") return;
  const encrypted = walk.isEncrypted(at.keys, leaf.text);
  const plain = encrypted ? openLeaf(leaf, at, walk.input) : leaf;
  if (encrypted && plain !== leaf) {
    walk.values.set(leaf, plain);
    if (plain.type !== "comment") walk.paths.push(at.path);
  }
  if (plain.type === "comment") return;
  if (encrypted || !walk.input.metadata.macOnlyEncrypted) walk.hash(plain);
}

/** SOPS leaves an empty text as it is. */
function openLeaf(leaf: SopsScalar, at: Place, input: SopsInput): SopsScalar {
  if (leaf.type === "str" && leaf.text === "") return leaf;
  const fail = (problem: string): never => {
    throw new MooringError("SECRET_INVALID", `${input.file}: field ${formatPath(at.path)} ${problem}`);
  };
  const parts = leaf.type === "str" ? sealedForm.exec(leaf.text) : null;
  if (parts === null) {
    return fail("must be encrypted by the file's own rule but is not; encrypt the file again with sops");
  }
  const [, data = "", iv = "", tag = "", type = ""] = parts;
  const bytes = input.crypto.open({ data, iv, tag }, input.dataKey, `${at.keys.join(":")}:`);
  if (bytes === undefined) {
    return fail("was changed, moved or renamed after it was encrypted; edit the file with sops only");
  }
  return (
    readPlain(type, bytes, input.crypto) ?? fail("holds another type than it says; encrypt the file anew")
  );
}

function readPlain(type: string, bytes: Uint8Array, crypto: SopsCrypto): SopsScalar | undefined {
  const text = crypto.decodeText(bytes);
  if (text === undefined)
    return type === "str" || type === "bytes" ? { ...scalar("bytes", ""), bytes } : undefined;
  switch (type) {
    case "str":
    case "bytes":
      return scalar("str", text);
    case "time":
    case "comment":
      return scalar(type, text);
    case "int":
      return /^[-+]?\d+$/.test(text) ? scalar("int", String(BigInt(text.replace("+", "")))) : undefined;
    case "float":
      return Number.isFinite(Number(text)) ? scalar("float", plainDecimal(Number(text))) : undefined;
    case "bool":
      if (/^(?:1|t|T|true|TRUE|True)$/.test(text)) return scalar("bool", "true");
      return /^(?:0|f|F|false|FALSE|False)$/.test(text) ? scalar("bool", "false") : undefined;
    default:
      return undefined;
  }
}

function macText(leaf: SopsScalar): string {
  if (leaf.type !== "bool") return leaf.text;
  return leaf.text === "true" ? "True" : "False";
}

function verifyMac({ metadata, dataKey, crypto, file }: SopsInput, computed: string): void {
  const parts = sealedForm.exec(metadata.mac);
  const [, data = "", iv = "", tag = ""] = parts ?? [];
  const opened = parts === null ? undefined : crypto.open({ data, iv, tag }, dataKey, metadata.lastModified);
  const expected = opened === undefined ? undefined : crypto.decodeText(opened);
  if (expected === undefined) {
    throw new MooringError(
      "SECRET_INVALID",
      `${file}: field sops.mac does not belong to this file and to sops.lastmodified; edit the file with sops only`,
    );
  }
  if (expected.toUpperCase() === computed.toUpperCase()) return;
  throw new MooringError(
    "SECRET_INVALID",
    `${file}: the content does not match field sops.mac, so it was changed after it was encrypted; edit the file with sops, or restore it`,
  );
}

/**
 * What a rule about comments selects is told by the form of the values: which comment belongs to which value differs
 * between YAML parsers, and the authentication code shows what was exchanged.
 */
function compileRule(rule: SopsRule, file: string): (keys: readonly string[], text: string) => boolean {
  switch (rule.kind) {
    case "encrypted_suffix":
      return (keys) => keys.some((key) => key.endsWith(rule.suffix));
    case "unencrypted_suffix":
      return (keys) => !keys.some((key) => key.endsWith(rule.suffix));
    case "encrypted_regex": {
      const pattern = compilePattern(rule, file);
      return (keys) => keys.some((key) => pattern.test(key));
    }
    case "unencrypted_regex": {
      const pattern = compilePattern(rule, file);
      return (keys) => !keys.some((key) => pattern.test(key));
    }
    case "encrypted_comment_regex":
    case "unencrypted_comment_regex":
      return (_, text) => isSealed(text);
    default:
      throw new Error(`unhandled rule: ${JSON.stringify(rule satisfies never)}`);
  }
}

function compilePattern({ kind, pattern }: { kind: string; pattern: string }, file: string): RegExp {
  try {
    return compileGoRegExp(pattern);
  } catch (error) {
    throw new MooringError(
      "SECRET_INVALID",
      `${file}: field sops.${kind} is no regular expression that is understood here; write it more simply`,
      { cause: error },
    );
  }
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
