import { createHash } from "node:crypto";
import { type KindSchemas, parseOpenApiV3 } from "#core/merge/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { BoundedMap } from "#runtime/bounded-map.ts";
import { parseJsonText } from "../http/body.ts";

/** Bytes of the texts that were read; what is made of them takes a few times as much. */
const maxTextBytes = 64 * 1024 * 1024;

const known = new BoundedMap<KindSchemas>(maxTextBytes);

/**
 * The schemas of an OpenAPI v3 document; undefined when the text is no JSON. Clusters of one version publish the same documents: each is
 * read once in a process, and shared. It is known by its content, as hashed here: the hash in its URL is what a cluster says, and
 * nobody has to believe that of another cluster.
 */
export function readSchemas(text: string): KindSchemas | undefined {
  const digest = createHash("sha256").update(text).digest("base64");
  const before = known.get(digest);
  if (before !== undefined) return before;
  const document = parseJsonText(text);
  if (document === undefined) return undefined;
  const schemas = parseOpenApiV3(isJsonObject(document) ? document : {});
  known.set(digest, schemas, text.length);
  return schemas;
}
