import type { KindSchemas } from "#core/merge/index.ts";
import type { FieldSchema } from "#core/merge/schema.ts";
import { type GroupVersionKind, viewObject, viewString } from "#core/object/index.ts";
import { waitOrAbort } from "#runtime/abort.ts";
import { parseJsonText } from "../http/body.ts";
import { type KubeClient, noJson } from "../http/client.ts";
import { readSchemas } from "./known-documents.ts";

/** Schemas from OpenAPI v3, one document for each group version, fetched when first needed. */
export interface OpenApi {
  schemaOf(gvk: GroupVersionKind, signal: AbortSignal): Promise<FieldSchema | undefined>;
  /** The next question reads the index again; documents whose hash is unchanged stay. */
  expire(): void;
}

interface Document {
  /** Names the document's content: the server puts a hash into it. */
  readonly url: string;
  readonly schemas: Promise<KindSchemas>;
}

const maxDocumentBytes = 64 * 1024 * 1024;
const timeoutMs = 60_000;

/** Kubernetes OpenAPI v3: `/openapi/v3` lists hash-addressed documents. `signal` ends what is under way. */
export function startOpenApi(client: KubeClient, signal: AbortSignal): OpenApi {
  const documents = new Map<string, Document>();
  let index: Promise<ReadonlyMap<string, string>> | undefined;
  const readIndex = (): Promise<ReadonlyMap<string, string>> => {
    if (index === undefined) {
      const reading = readUrls(client, signal);
      index = reading;
      // Whoever waits gets the error; the next one asks again.
      reading.catch(() => {
        if (index === reading) index = undefined;
      });
    }
    return index;
  };
  const schemasOf = (path: string, url: string): Promise<KindSchemas> => {
    const known = documents.get(path);
    if (known?.url === url) return known.schemas;
    const schemas = readDocument(client, url, signal);
    const document = { url, schemas };
    documents.set(path, document);
    schemas.catch(() => {
      if (documents.get(path) === document) documents.delete(path);
    });
    return schemas;
  };
  return {
    schemaOf: async (gvk, waiting) => {
      const path = gvk.group === "" ? `api/${gvk.version}` : `apis/${gvk.group}/${gvk.version}`;
      const url = (await waitOrAbort(readIndex(), waiting)).get(path);
      if (url === undefined) return undefined;
      return (await waitOrAbort(schemasOf(path, url), waiting)).schemaOf(gvk);
    },
    expire: () => {
      index = undefined;
    },
  };
}

async function readUrls(client: KubeClient, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const paths = viewObject(parseJsonText(await read(client, "/openapi/v3", signal)), "paths");
  return new Map(
    Object.keys(paths).map((path) => [path, viewString(paths[path], "serverRelativeURL") ?? ""]),
  );
}

async function readDocument(client: KubeClient, url: string, signal: AbortSignal): Promise<KindSchemas> {
  const text = await read(client, url, signal);
  const schemas = readSchemas(text);
  if (schemas !== undefined) return schemas;
  throw noJson(subjectOf(url));
}

function subjectOf(path: string): string {
  return `schema ${path.replace(/\?.*/, "")}`;
}

async function read(client: KubeClient, path: string, signal: AbortSignal): Promise<string> {
  const answer = await client.text(
    {
      method: "GET",
      path,
      subject: { text: subjectOf(path), secret: false },
      maxBytes: maxDocumentBytes,
      timeoutMs,
      repeatable: true,
      compressed: true,
      answers: [404],
    },
    signal,
  );
  // Servers before 1.24 publish none.
  return answer.status === 404 ? "{}" : answer.text;
}
