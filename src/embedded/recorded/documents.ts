import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { BoundedMap } from "#runtime/bounded-map.ts";

/** What kube-apiserver says of itself, recorded from a real one by `test/embedded/record-api.ts`. */
export interface RecordedDocuments {
  readonly index: RecordedIndex;
  readonly types: RecordedTypes;
  /** The JSON text of a document of `index.openApi`, such as `apis/apps/v1`; undefined where there is none. */
  openApiV3(path: string): string | undefined;
  /** The JSON text of `/openapi/v2`. */
  openApiV2(): string;
}

/** Small enough to be read when the server starts. */
interface RecordedIndex {
  /** The answer of `/version`. */
  readonly version: JsonObject;
  /** APIGroupDiscoveryLists (apidiscovery.k8s.io/v2) of `/api` and `/apis`. */
  readonly core: JsonObject;
  readonly groups: JsonObject;
  /** Paths of the OpenAPI v3 documents with the hash of their content. */
  readonly openApi: Readonly<Record<string, string>>;
}

/** What the Go types behind the API say; OpenAPI has only a part of it. */
export interface RecordedTypes {
  /** Fields by OpenAPI component, in the notation of `schema/types/go-type.ts`, in the order in which Go prints them. */
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Defaults that the OpenAPI documents tell of, other than zero values, by component and field. */
  readonly defaults: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
  /** The component of each kind, by `group/version/Kind`. */
  readonly kinds: Readonly<Record<string, string>>;
}

/** Those asked for last are kept unpacked: clients ask for the same few again and again. All of them take tens of megabytes. */
const maxKeptChars = 8 * 1024 * 1024;

/** Opens the recorded documents; each is unpacked when it is asked for. */
export function openRecordedDocuments(): RecordedDocuments {
  let index: RecordedIndex | undefined;
  let types: RecordedTypes | undefined;
  const kept = new BoundedMap<string>(maxKeptChars);
  return {
    get index() {
      index ??= JSON.parse(unpack("index")) as RecordedIndex;
      return index;
    },
    get types() {
      types ??= JSON.parse(unpack("types")) as RecordedTypes;
      return types;
    },
    openApiV3(path) {
      index ??= JSON.parse(unpack("index")) as RecordedIndex;
      if (!Object.hasOwn(index.openApi, path)) return undefined;
      const text = kept.get(path) ?? unpack(recordedName(path));
      kept.set(path, text, text.length);
      return text;
    },
    openApiV2: () => unpack("openapi-v2"),
  };
}

/** The name of the file that holds an OpenAPI v3 document: `apis/apps/v1` is in `openapi-v3/apis.apps.v1`. */
export function recordedName(path: string): string {
  return `openapi-v3/${path.replaceAll("/", ".")}`;
}

function unpack(name: string): string {
  const file = new URL(`documents/${name}.json.br`, import.meta.url);
  return brotliDecompressSync(readFileSync(file)).toString("utf8");
}
