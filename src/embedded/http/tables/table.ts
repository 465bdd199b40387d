import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { partialOf } from "../answer/partial.ts";
import { badRequest } from "../errors.ts";
import type { TableShape } from "./shape.ts";

/** How much of the object goes with its row. */
export type Inclusion = "None" | "Metadata" | "Object";

/** Throws BadRequest. */
export function readInclusion(query: URLSearchParams): Inclusion {
  const value = query.get("includeObject") ?? "";
  if (value === "") return "Metadata";
  if (value === "None" || value === "Metadata" || value === "Object") return value;
  const quoted = JSON.stringify(value);
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${quoted}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

export function tableHead(version: string, metadata: JsonObject): JsonObject {
  return { kind: "Table", apiVersion: `meta.k8s.io/${version}`, metadata };
}

export interface RowOptions {
  readonly inclusion: Inclusion;
  readonly version: string;
  readonly nowMs: number;
}

export function tableRow(shape: TableShape, object: KubeObject, options: RowOptions): JsonObject {
  const conditions = shape.conditions?.(object) ?? [];
  return {
    cells: shape.cells(object, options.nowMs),
    ...(conditions.length === 0 ? {} : { conditions }),
    object: included(object, options),
  };
}

function included(object: KubeObject, { inclusion, version }: RowOptions): JsonValue {
  if (inclusion === "None") return null;
  return inclusion === "Object" ? object : partialOf(object, version);
}
