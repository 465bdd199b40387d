import { createHash } from "node:crypto";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import { createCustomOpenApi } from "../kinds/custom-openapi.ts";
import type { RecordedDocuments } from "../recorded/documents.ts";

const v3 = "/openapi/v3";

/**
 * The OpenAPI documents of a cluster by the paths at which they are served: the recorded ones, and those of its definitions. The same
 * text as long as no definition changes.
 */
export function createOpenApi(
  documents: RecordedDocuments,
  definitions: () => readonly KubeObject[],
): (path: string) => string | undefined {
  const custom = createCustomOpenApi(documents);
  let made = new Map<string, string | undefined>();
  let of: readonly KubeObject[] | undefined;
  const textOf = (path: string, all: readonly KubeObject[]): string | undefined => {
    if (path === "/openapi/v2") return documentV2(documents, custom.definitionsV2(all));
    if (path === v3) return indexV3(documents, (each) => documentText(each, all), custom.paths(all));
    return path.startsWith(`${v3}/`) ? documentText(path.slice(v3.length + 1), all) : undefined;
  };
  const documentText = (path: string, all: readonly KubeObject[]): string | undefined => {
    const own = documents.openApiV3(path);
    if (own !== undefined) return own;
    const document = custom.documentV3(all, path);
    return document === undefined ? undefined : JSON.stringify(document);
  };
  return (path) => {
    const all = definitions();
    if (of !== all) {
      made = new Map();
      of = all;
    }
    // Only what a cluster has is kept: any path may be asked for.
    const known = made.get(path) ?? textOf(path, all);
    if (known !== undefined && isSmall(path)) made.set(path, known);
    return known;
  };
}

/** Documents of built-in groups are unpacked anew each time: all of them together take tens of megabytes. */
function isSmall(path: string): boolean {
  return path === v3 || path === "/openapi/v2";
}

function documentV2(documents: RecordedDocuments, added: Readonly<Record<string, JsonObject>>): string {
  const text = documents.openApiV2();
  if (Object.keys(added).length === 0) return text;
  const document = JSON.parse(text) as JsonObject;
  return JSON.stringify({ ...document, definitions: { ...viewObject(document, "definitions"), ...added } });
}

function indexV3(
  documents: RecordedDocuments,
  textOf: (path: string) => string | undefined,
  custom: readonly string[],
): string {
  const hashes: Record<string, string> = { ...documents.index.openApi };
  for (const path of custom) {
    hashes[path] ??= createHash("sha512")
      .update(textOf(path) ?? "")
      .digest("hex")
      .toUpperCase();
  }
  const paths = Object.entries(hashes)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, hash]) => [path, { serverRelativeURL: `${v3}/${path}?hash=${hash}` }] as const);
  return JSON.stringify({ paths: Object.fromEntries(paths) });
}
