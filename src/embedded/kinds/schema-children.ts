import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject } from "#core/object/index.ts";

/** The schemas directly inside of one, with their paths as the API server writes them. */
export function childrenOf(schema: JsonObject, path: string): readonly (readonly [string, JsonObject])[] {
  const named = Object.entries(viewObject(schema, "properties")).map(
    ([name, child]) => [`${path}.properties[${name}]`, child] as const,
  );
  const single = ["additionalProperties", "not", "items"].map(
    (name) => [`${path}.${name}`, schema[name]] as const,
  );
  const listed = ["allOf", "oneOf", "anyOf"].flatMap((name) =>
    viewArray(schema, name).map((child, i) => [`${path}.${name}[${i}]`, child] as const),
  );
  return [...named, ...single, ...listed].flatMap(([at, child]) =>
    isJsonObject(child) ? [[at, child] as const] : [],
  );
}
