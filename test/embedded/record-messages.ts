import { globSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { MessageField, RecordedMessages } from "#embedded/http/protobuf/messages.ts";

// Run by hand: `npm run record:messages -- GOMODCACHE/k8s.io/api@… GOMODCACHE/k8s.io/apimachinery@… GOMODCACHE/k8s.io/apiextensions-apiserver@…`
// writes `messages.json.br`. The .proto files have numbers and types; the Go types beside them have the names that JSON uses.

interface GoField {
  readonly json: string;
  readonly isPointer: boolean;
  readonly isInline: boolean;
  readonly omitsEmpty: boolean;
}

interface GoPackage {
  /** By type and field number. */
  readonly fields: ReadonlyMap<string, GoField>;
  readonly slices: ReadonlySet<string>;
  readonly group: string | undefined;
}

function readGoPackage(directory: string): GoPackage {
  const fields = new Map<string, GoField>();
  const slices = new Set<string>();
  let group: string | undefined;
  for (const file of globSync("*.go", { cwd: directory })) {
    if (/_test\.go$|^generated|^zz_generated/.test(file)) continue;
    const source = readFileSync(join(directory, file), "utf8");
    group ??= /\bGroupName\s*=\s*"([^"]*)"/.exec(source)?.[1];
    for (const [, name = ""] of source.matchAll(/^type (\w+) \[\]\w+/gm)) slices.add(name);
    for (const [, type = "", body = ""] of source.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms)) {
      for (const text of body.split("\n")) readGoField(text, type, fields);
    }
  }
  return { fields, slices, group };
}

function readGoField(text: string, type: string, fields: Map<string, GoField>): void {
  const tags = /^\s*(.*?)\s*`([^`]*)`/.exec(text);
  const json = /json:"([^"]*)"/.exec(tags?.[2] ?? "")?.[1];
  const number = /protobuf:"[a-z0-9]+,(\d+)/.exec(tags?.[2] ?? "")?.[1];
  if (tags === null || json === undefined || number === undefined) return;
  const [name = "", ...options] = json.split(",");
  const words = (tags[1] ?? "").split(/\s+/);
  const goType = words.at(-1) ?? "";
  fields.set(`${type}.${number}`, {
    json: name,
    isPointer: goType.startsWith("*"),
    isInline: name === "" && words.length === 1,
    omitsEmpty: options.includes("omitempty") || options.includes("omitzero"),
  });
}

function readMessages(file: string, go: GoPackage, into: Record<string, readonly MessageField[]>): string {
  const source = readFileSync(file, "utf8").replace(/^\s*\/\/.*$/gm, "");
  const name = /^package ([\w.]+);/m.exec(source)?.[1] ?? "";
  for (const [, message = "", body = ""] of source.matchAll(/^message (\w+) \{\n(.*?)^\}/gms)) {
    const lines = [...body.matchAll(/^\s*(optional|repeated|map)\s*([^;]*?)\s+(\w+) = (\d+);/gm)];
    into[`${name}.${message}`] = lines.map(([, label = "", type = "", field = "", number = ""]) => {
      const known = go.fields.get(`${message}.${number}`);
      const isList = label === "repeated";
      const types = label === "map" ? type.replace(/[<>\s]/g, "").split(",") : [type];
      return {
        number: Number(number),
        name: known === undefined || known.json === "" ? field : known.json,
        type: types.map((one) => resolveType(one, name)).join(","),
        label: label === "map" ? "map" : isList ? "list" : "one",
        ...(known?.isInline === true ? { inline: true } : {}),
        ...(known?.isPointer === true || known?.omitsEmpty === false ? { keepsZero: true } : {}),
        ...(go.slices.has(message) ? { bare: true } : {}),
      } as const;
    });
  }
  return name;
}

const scalars = /^(string|bytes|bool|int32|int64|uint32|uint64|double|float)$/;

function resolveType(type: string, name: string): string {
  if (scalars.test(type)) return type;
  return type.startsWith(".") ? type.slice(1) : `${name}.${type}`;
}

const messages: Record<string, readonly MessageField[]> = {};
const packages: Record<string, string> = {};
for (const root of process.argv.slice(2)) {
  for (const file of globSync("**/generated.proto", { cwd: root })) {
    const directory = dirname(join(root, file));
    const go = readGoPackage(directory);
    const name = readMessages(join(root, file), go, messages);
    const version = /\.(v\d\w*)$/.exec(name)?.[1];
    if (go.group === undefined || version === undefined) continue;
    packages[go.group === "" ? version : `${go.group}/${version}`] = name;
  }
}
const recorded: RecordedMessages = { messages, packages };
writeFileSync(
  new URL("../../src/embedded/http/protobuf/messages.json.br", import.meta.url),
  brotliCompressSync(JSON.stringify(recorded)),
);
