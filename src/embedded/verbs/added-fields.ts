import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject } from "#core/object/index.ts";
import type { ServedKind } from "../kinds/served-kind.ts";

const addresses = ["clusterIP", "clusterIPs"] as const;

/**
 * A new object without what the server added for it that is no default: nobody manages addresses and ports that nobody asked for, nor
 * lists that are only printed as null. `given` is what the client sent.
 */
export function withoutAdded(kind: ServedKind, object: KubeObject, given: KubeObject): KubeObject {
  const fields = Object.entries(object).filter(([field, value]) => value !== null || given[field] === null);
  const kept = Object.fromEntries(fields) as KubeObject;
  return kind.resource === "/services" ? withoutAllocated(kept, given) : kept;
}

function withoutAllocated(object: KubeObject, given: KubeObject): KubeObject {
  const [spec, asked] = [viewObject(object, "spec"), viewObject(given, "spec")];
  const dropped = addresses.filter((field) => asked[field] === undefined);
  const kept = Object.fromEntries(
    Object.entries(spec).filter(([field]) => !dropped.some((each) => each === field)),
  );
  const ports = viewArray(spec, "ports").map((port, i) => withoutPort(port, viewArray(asked, "ports")[i]));
  return { ...object, spec: { ...kept, ...(spec["ports"] === undefined ? {} : { ports }) } };
}

function withoutPort(port: JsonValue, asked: JsonValue | undefined): JsonValue {
  if (!isJsonObject(port) || (isJsonObject(asked) && asked["nodePort"] !== undefined)) return port;
  const { nodePort: _allocated, ...rest } = port;
  return rest as JsonObject;
}
