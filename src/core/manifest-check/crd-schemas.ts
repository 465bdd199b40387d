import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, viewString } from "#core/object/index.ts";
import type { Schema } from "./check-value.ts";

/** What every object has beside what its definition says. */
const common: JsonObject = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  metadata: { type: "object" },
};

/** The schemas of a CustomResourceDefinition by `group/version/Kind`; of a version without one anything is taken. */
export function schemasOfDefinition(definition: KubeObject): ReadonlyMap<string, Schema> {
  const found = new Map<string, Schema>();
  const { spec } = definition;
  if (definition.kind !== "CustomResourceDefinition" || !isJsonObject(spec)) return found;
  const { names, versions, version, validation } = spec;
  const kind = isJsonObject(names) ? viewString(names, "kind") : undefined;
  const group = viewString(spec, "group");
  if (kind === undefined || group === undefined) return found;
  // The form before v1 has one version, or one schema for all.
  const listed: readonly JsonValue[] = isJsonArray(versions)
    ? versions
    : typeof version === "string"
      ? [{ name: version }]
      : [];
  for (const one of listed) {
    if (!isJsonObject(one) || typeof one["name"] !== "string") continue;
    const own = isJsonObject(one["schema"]) ? one["schema"] : isJsonObject(validation) ? validation : {};
    const schema = own["openAPIV3Schema"];
    found.set(`${group}/${one["name"]}/${kind}`, isJsonObject(schema) ? withCommon(schema) : {});
  }
  return found;
}

function withCommon(schema: JsonObject): Schema {
  const { properties } = schema;
  return isJsonObject(properties) ? { ...schema, properties: { ...common, ...properties } } : schema;
}
