import type { JsonValue } from "#core/object/index.ts";
import type { PrinterColumn, ServedKind } from "../../kinds/served-kind.ts";
import { since } from "./age.ts";
import { compileJsonPath } from "./json-path.ts";
import { nameColumn, type TableColumn, type TableShape } from "./shape.ts";

/** What a definition without columns of its own has. */
const defaultColumns: readonly PrinterColumn[] = [
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
];

/** The name, and the columns that the definition asks for. */
export function customShape(kind: ServedKind): TableShape {
  const printed = kind.columns === undefined || kind.columns.length === 0 ? defaultColumns : kind.columns;
  const readers = printed.map((column) => ({ column, path: compileJsonPath(column.jsonPath) }));
  return {
    columns: [nameColumn, ...printed.map((column) => columnOf(column))],
    cells: (object, nowMs) => [
      object.metadata.name ?? "",
      ...readers.map(({ column, path }) => cellOf(column.type, path.find(object)[0], nowMs)),
    ],
  };
}

function columnOf(column: PrinterColumn): TableColumn {
  const { name, type, format = "", priority = 0, jsonPath, description = "" } = column;
  const fallback = `Custom resource definition column (in JSONPath format): ${jsonPath}`;
  return { name, type, format, priority, description: description === "" ? fallback : description };
}

function cellOf(type: string, value: JsonValue | undefined, nowMs: number): JsonValue {
  if (value === undefined || value === null) return null;
  switch (type) {
    case "string":
      return typeof value === "object" ? JSON.stringify(value) : String(value);
    case "date":
      return typeof value === "string" ? since(value, nowMs) : null;
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    default:
      return null;
  }
}
