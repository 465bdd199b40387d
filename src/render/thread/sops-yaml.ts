import type { Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import { MooringError } from "#core/errors/index.ts";
import type {
  SopsCrypto,
  SopsFile,
  SopsList,
  SopsMap,
  SopsMetadata,
  SopsNode,
  SopsScalar,
} from "#core/sops/index.ts";
import {
  decryptSops,
  entryOf,
  keepsEncryption,
  parseSopsMetadata,
  readerOf,
  resolvePlainValue,
  scalar,
  secretsOf,
  withoutMetadata,
} from "#core/sops/index.ts";

/** Nodes of one file, aliases expanded; far beyond real files. */
const maxNodes = 500_000;

/**
 * A YAML file some of whose documents SOPS encrypted; undefined when there is none, or when it is no YAML, which its readers
 * report better. Documents with one authentication code were encrypted together. Decrypted values take the place of the
 * encrypted ones in the text, so that comments and lines stay.
 */
export function openSopsYaml(file: string, text: string): SopsFile | undefined {
  const documents = readDocuments(text);
  if (documents === undefined || documents.length === 0) return undefined;
  const groups = new Map<string, SopsDocument[]>();
  for (const document of documents) {
    const mac = macOf(document.sops);
    groups.set(mac, [...(groups.get(mac) ?? []), document]);
  }
  const parts = [...groups.values()].map((group) => ({
    documents: group,
    metadata: parseSopsMetadata(group[0]?.sops, file),
  }));
  return {
    metadata: parts.map(({ metadata }) => metadata),
    decrypt: (dataKeys, crypto) => {
      const decrypted = parts.map((part, at) =>
        decryptPart(part, { file, text, dataKey: dataKeys[at] ?? new Uint8Array(), crypto }),
      );
      const edits = decrypted.flatMap((one) => one.edits);
      return { content: applyEdits(text, edits), secrets: decrypted.flatMap((one) => one.secrets) };
    },
  };
}

interface SopsDocument {
  readonly sops: SopsNode;
  readonly content: SopsMap;
  readonly places: ReadonlyMap<SopsScalar, Scalar>;
  readonly lists: readonly ListPlace[];
  /** What must be written otherwise to be read as SOPS reads it. */
  readonly edits: readonly Edit[];
}

interface ListPlace {
  readonly list: SopsList;
  readonly node: YAMLSeq;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function macOf(sops: SopsNode): string {
  const mac = sops.kind === "map" ? entryOf(sops, "mac") : undefined;
  return mac?.kind === "scalar" ? mac.text : "";
}

function readDocuments(text: string): readonly SopsDocument[] | undefined {
  try {
    const documents = parseAllDocuments(text, {
      schema: "failsafe",
      resolveKnownTags: false,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    if ("empty" in documents) return undefined;
    if (documents.some((document) => document.errors.length > 0)) return undefined;
    return documents.flatMap(({ contents }) => {
      const pair = isMap(contents) ? sopsPairOf(contents) : undefined;
      const document = pair === undefined ? undefined : readDocument(contents as YAMLMap, pair, text);
      return document ?? [];
    });
  } catch (error) {
    // Nested too deeply, or aliases that never end.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function sopsPairOf(map: YAMLMap): Pair | undefined {
  return map.items.find(({ key, value }) => isScalar(key) && key.value === "sops" && isMap(value));
}

function readDocument(map: YAMLMap, pair: Pair, text: string): SopsDocument | undefined {
  const reading: Reading = { places: new Map(), lists: [], edits: [], anchors: new Map(), nodes: 0 };
  const tree = readNode(map, reading);
  const sops = tree.kind === "map" ? entryOf(tree, "sops") : undefined;
  if (tree.kind !== "map" || sops === undefined || macOf(sops) === "") return undefined;
  const metadata = entryOf(tree, "metadata");
  const annotations = metadata?.kind === "map" ? entryOf(metadata, "annotations") : undefined;
  const keep = annotations?.kind === "map" ? textOf(annotations, "mooring.dev/sops") : undefined;
  if (keepsEncryption(textOf(tree, "kind"), keep)) return undefined;
  const { places, lists, edits } = reading;
  const block = blockOf(map, pair, text);
  const others = edits.filter((edit) => edit.from < block.from || edit.from >= block.to);
  return { sops, content: withoutMetadata(tree), places, lists, edits: [...others, block] };
}

function textOf(map: SopsMap, key: string): string | undefined {
  const found = entryOf(map, key);
  return found?.kind === "scalar" ? found.text : undefined;
}

/** The lines of the `sops` block; inside braces, the pair and a comma. */
function blockOf(map: YAMLMap, { key, value }: Pair, text: string): Edit {
  const start = (key as Node).range?.[0] ?? 0;
  const range = (value as Node).range ?? [start, start, start];
  if (map.flow !== true) return { from: text.lastIndexOf("\n", start) + 1, to: range[2], text: "" };
  const comma = /^\s*,/.exec(text.slice(range[1]))?.[0] ?? "";
  return { from: start, to: range[1] + comma.length, text: "" };
}

interface Reading {
  readonly places: Map<SopsScalar, Scalar>;
  readonly lists: ListPlace[];
  readonly edits: Edit[];
  readonly anchors: Map<string, unknown>;
  nodes: number;
}

function readNode(node: unknown, reading: Reading): SopsNode {
  reading.nodes += 1;
  if (reading.nodes > maxNodes) throw new RangeError("too many values");
  if (isAlias(node)) return readNode(reading.anchors.get(node.source), reading);
  if (isScalar(node) || isMap(node) || isSeq(node)) {
    if (node.anchor !== undefined) reading.anchors.set(node.anchor, node);
  }
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => ({
      key: readKey(key, reading),
      value: readNode(value, reading),
    }));
    return { kind: "map", entries };
  }
  if (isSeq(node)) {
    const list: SopsList = { kind: "list", items: node.items.map((item) => readNode(item, reading)) };
    reading.lists.push({ list, node });
    return list;
  }
  return isScalar(node) ? readScalar(node, reading) : scalar("null", "");
}

/** SOPS takes text only as a key. */
function readKey(key: unknown, { edits }: Reading): string {
  if (!isScalar(key)) return "";
  const text = String(key.value);
  if (isPlain(key) && isOldBoolean(text)) edits.push(replacing(key, JSON.stringify(text)));
  return text;
}

function readScalar(node: Scalar, { places, edits }: Reading): SopsScalar {
  const text = typeof node.value === "string" ? node.value : (node.source ?? "");
  const leaf = typeOf(node, text);
  places.set(leaf, node);
  // Written anew as `sops decrypt` writes it: readers of YAML 1.1 take yes and no for booleans.
  const isOther = leaf.type === "time" ? leaf.text !== text : leaf.type === "str" && isOldBoolean(text);
  if (isOther && isPlain(node)) edits.push(replacing(node, JSON.stringify(leaf.text)));
  return leaf;
}

function typeOf(node: Scalar, text: string): SopsScalar {
  if (node.tag === undefined) return isPlain(node) ? resolvePlainValue(text) : scalar("str", text);
  const tag = /^tag:yaml\.org,2002:(int|float|bool|null|timestamp)$/.exec(node.tag)?.[1];
  if (tag !== undefined) return resolvePlainValue(text);
  const isBinary = node.tag === "tag:yaml.org,2002:binary";
  return scalar("str", isBinary ? Buffer.from(text, "base64").toString("utf8") : text);
}

function isPlain({ type }: Scalar): boolean {
  return type === "PLAIN" || type === undefined || type === null;
}

function isOldBoolean(text: string): boolean {
  return /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/.test(text);
}

function replacing(node: Scalar, text: string): Edit {
  const [from, to] = node.range ?? [0, 0];
  return { from, to, text: node.type?.startsWith("BLOCK") === true ? `${text}\n` : text };
}

interface PartOptions {
  readonly file: string;
  readonly text: string;
  readonly dataKey: Uint8Array;
  readonly crypto: SopsCrypto;
}

function decryptPart(
  part: { readonly documents: readonly SopsDocument[]; readonly metadata: SopsMetadata },
  { file, text, dataKey, crypto }: PartOptions,
): { readonly edits: readonly Edit[]; readonly secrets: readonly string[] } {
  const decrypted = decryptSops({
    documents: part.documents.map(({ content }) => content),
    metadata: part.metadata,
    dataKey,
    file,
    verifyMac: true,
    crypto,
  });
  const read = readerOf(decrypted);
  const edits = part.documents.flatMap(({ places, lists, edits: own }) => {
    const values = [...places].filter(([leaf]) => read(leaf) !== leaf && read(leaf).type !== "comment");
    const replaced = values.map(([leaf, node]) => replacing(node, writeValue(read(leaf), file)));
    return [...own, ...replaced, ...lists.flatMap((place) => withoutComments(place, read, text))];
  });
  return { edits, secrets: secretsOf(decrypted) };
}

/** SOPS writes an encrypted comment of a list as an item. */
function withoutComments(
  { list, node }: ListPlace,
  read: (leaf: SopsScalar) => SopsScalar,
  text: string,
): Edit[] {
  const startOf = (at: number): number => (node.items[at] as Node | undefined)?.range?.[0] ?? 0;
  const isComment = list.items.map((item) => item.kind === "scalar" && read(item).type === "comment");
  if (!isComment.includes(true)) return [];
  const [from, to] = node.range ?? [0, 0];
  if (!isComment.includes(false)) return [{ from, to, text: node.flow === true ? "[]" : "[]\n" }];
  const before = (at: number): number =>
    node.flow === true ? startOf(at) : text.lastIndexOf("-", startOf(at) - 1);
  return isComment.flatMap((comment, at) => {
    if (!comment) return [];
    const end = (node.items[at] as Node).range?.[1] ?? 0;
    return { from: before(at), to: at + 1 < isComment.length ? before(at + 1) : end, text: "" };
  });
}

function writeValue({ type, text }: SopsScalar, file: string): string {
  switch (type) {
    case "null":
      return "null";
    case "bool":
    case "int":
      return text;
    case "float":
      return /^-?\d+$/.test(text) ? `${text}.0` : text;
    case "str":
    case "time":
      return JSON.stringify(text);
    case "comment":
      throw new Error("a comment is no value");
    case "bytes":
      throw new MooringError(
        "SECRET_INVALID",
        `${file}: an encrypted value is no UTF-8 text; put it into base64 before it is encrypted`,
      );
    default:
      throw new Error(`unhandled value: ${JSON.stringify(type satisfies never)}`);
  }
}

/** Comments that SOPS encrypted are emptied: nobody reads them here. */
function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = "";
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.from - b.from)) {
    // An alias has its value replaced once.
    if (edit.from < at) continue;
    out += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return (out + text.slice(at)).replaceAll(/#ENC\[AES256_GCM,[^\]\n]*,type:comment\]/g, "#");
}
