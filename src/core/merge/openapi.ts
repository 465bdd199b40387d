import type { SchemaNode } from "./schema-node.ts";
import { buildComponent } from "./schema-builder.ts";
import type { FieldSchema } from "./schema.ts";
import type { GroupVersionKind, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";

/** The schemas of the kinds of one group version. */
export interface KindSchemas {
  schemaOf(gvk: GroupVersionKind): FieldSchema | undefined;
}

/**
 * Reads one OpenAPI v3 document of an API server (`/openapi/v3/apis/<group>/<version>`), with the meaning that the server's
 * own schema conversion gives it. Only types, list and map kinds, keys, formats and defaults are kept; nothing refers
 * to the document afterwards, so its descriptions can be collected.
 */
export function parseOpenApiV3(document: JsonObject): KindSchemas {
  const nodes = new Map<string, SchemaNode>();
  const kinds = new Map<string, string>();
  const scalars = new Map<string, SchemaNode>();
  const resolve = (component: string): SchemaNode | undefined => nodes.get(component);
  for (const [component, schema] of Object.entries(viewObject(document, "components", "schemas"))) {
    if (!isJsonObject(schema)) continue;
    nodes.set(component, buildComponent(schema, { component, scalars, resolve }));
    for (const gvk of viewArray(schema, "x-kubernetes-group-version-kind"))
      kinds.set(kindKey(gvk), component);
  }
  return {
    schemaOf: ({ group, version, kind }) => nodes.get(kinds.get(`${group}/${version}/${kind}`) ?? ""),
  };
}

function kindKey(gvk: JsonValue): string {
  return `${viewString(gvk, "group") ?? ""}/${viewString(gvk, "version") ?? ""}/${viewString(gvk, "kind") ?? ""}`;
}
