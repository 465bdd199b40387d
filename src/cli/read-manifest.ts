import { parseAllDocuments } from "yaml";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isKubeObject } from "#core/object/index.ts";
import type { CliPorts } from "./ports.ts";
import { readText } from "./read-text.ts";
import { usageError } from "./usage-error.ts";

/** The objects of a YAML or JSON file, `-` being standard input. Throws CLI_USAGE naming the file and the document. */
export async function readManifest(file: string, ports: CliPorts): Promise<readonly KubeObject[]> {
  const text = file === "-" ? await ports.stdin.readAll() : await readText(file, ports);
  const documents = parseDocuments(file, text).filter((document) => document !== null);
  if (documents.length === 0) throw usageError(`file ${file}: it is empty; put an object into it`);
  return documents.map((document, i) => {
    const value = document as JsonValue;
    if (isKubeObject(value)) return value;
    throw usageError(
      `file ${file}, document ${i + 1}: it is no Kubernetes object; it needs apiVersion, kind and metadata`,
    );
  });
}

function parseDocuments(file: string, text: string): readonly unknown[] {
  const documents = parseAllDocuments(text);
  return (Array.isArray(documents) ? documents : []).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw usageError(`file ${file}: ${error.message.split("\n", 1)[0] ?? ""}`);
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  });
}
