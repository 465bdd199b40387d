import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, keepFields, keepItems, sharing } from "#core/object/index.ts";
import type { RecordedTypes } from "../../recorded/documents.ts";
import type { GoType } from "../types/go-type.ts";
import type { GoTypes } from "../types/go-types.ts";
import { roundUpToMilli } from "../types/quantity.ts";
import { coreDefaults } from "./defaults/core.ts";
import { type Defaulter, type Draft, fill } from "./defaults/draft.ts";
import { otherDefaults } from "./defaults/others.ts";
import { podDefaults } from "./defaults/pods.ts";
import { workloadDefaults } from "./defaults/workloads.ts";

const defaulters: Readonly<Record<string, Defaulter>> = {
  ...podDefaults,
  ...coreDefaults,
  ...workloadDefaults,
  ...otherDefaults,
};

interface DefaultContext {
  readonly types: GoTypes;
  readonly recorded: () => RecordedTypes;
}

/**
 * A built-in object with the defaults of its Go types: a struct's own first, then those of what it holds. What lacks none stays the
 * same object.
 */
export function fillDefaults(context: DefaultContext, component: string, value: JsonObject): JsonObject {
  if (context.types.seen.defaulted.has(component, value)) return value;
  const draft: Draft = { ...value };
  const declared = context.recorded().defaults[component];
  if (declared !== undefined) fill(draft, declared);
  defaulters[component]?.(draft);
  for (const [name, field] of context.types.struct(component)) {
    const child = draft[name];
    if (typeof child !== "object" || child === null) continue;
    draft[name] = fillWithin(context, field.type, sharing(value[name], child));
  }
  return keepFields(value, draft);
}

function fillWithin(context: DefaultContext, type: GoType, value: JsonValue): JsonValue {
  if (type.kind === "struct")
    return isJsonObject(value) ? fillDefaults(context, type.component, value) : value;
  if (type.kind === "list") {
    const hasDefaults = type.of.kind === "struct" || type.of.kind === "map";
    return hasDefaults && isJsonArray(value) ? fillItems(context, type.of, value) : value;
  }
  return type.kind === "map" && isJsonObject(value) ? fillMap(context, type.of, value) : value;
}

function fillItems(context: DefaultContext, of: GoType, items: JsonArray): JsonArray {
  return keepItems(
    items,
    items.map((item) => fillWithin(context, of, item)),
  );
}

function fillMap(context: DefaultContext, of: GoType, map: JsonObject): JsonObject {
  if (of.kind !== "struct" && of.kind !== "quantity") return map;
  const filled: Draft = {};
  for (const [key, value] of Object.entries(map)) {
    if (value === undefined) continue;
    // Amounts of resources are kept to the thousandth.
    filled[key] =
      of.kind === "quantity" && typeof value === "string"
        ? roundUpToMilli(value)
        : fillWithin(context, of, value);
  }
  return keepFields(map, filled);
}
