import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";

/** A custom kind's schema as pruning, defaulting and list types need it, read once for each definition. */
export interface Structural {
  readonly type: string | undefined;
  readonly properties: ReadonlyMap<string, Structural>;
  /** Schema of the keys that `properties` does not name; undefined inside when they may hold anything. */
  readonly additional: { readonly schema: Structural | undefined } | undefined;
  readonly items: Structural | undefined;
  readonly default: JsonValue | undefined;
  readonly nullable: boolean;
  readonly preservesUnknown: boolean;
  /** Holds a whole object, with apiVersion, kind and metadata. */
  readonly isEmbedded: boolean;
  readonly listType: string | undefined;
  readonly listKeys: readonly string[];
  /** The schema itself, for value validations. */
  readonly schema: JsonObject;
}

const known = new WeakMap<JsonObject, Structural>();

export function structuralOf(schema: JsonObject): Structural {
  const found = known.get(schema) ?? readStructural(schema);
  known.set(schema, found);
  return found;
}

function readStructural(schema: JsonObject): Structural {
  const additional = schema["additionalProperties"];
  const items = schema["items"];
  return {
    type: viewString(schema, "type"),
    properties: new Map(
      Object.entries(viewObject(schema, "properties")).flatMap(([name, property]) =>
        isJsonObject(property) ? [[name, structuralOf(property)] as const] : [],
      ),
    ),
    additional:
      additional === undefined || additional === false
        ? undefined
        : { schema: isJsonObject(additional) ? structuralOf(additional) : undefined },
    items: isJsonObject(items) ? structuralOf(items) : undefined,
    default: schema["default"],
    nullable: schema["nullable"] === true,
    preservesUnknown: schema["x-kubernetes-preserve-unknown-fields"] === true,
    isEmbedded: schema["x-kubernetes-embedded-resource"] === true,
    listType: viewString(schema, "x-kubernetes-list-type"),
    listKeys: viewArray(schema, "x-kubernetes-list-map-keys").filter((key) => typeof key === "string"),
    schema,
  };
}

/** Fields that every object has, whatever its schema says. */
export const objectFields: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);
