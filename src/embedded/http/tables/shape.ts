import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";

/** A column as a Table tells of it. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** Above 0 only `-o wide` shows it. */
  readonly priority: number;
}

/** How objects of a kind become rows. */
export interface TableShape {
  readonly columns: readonly TableColumn[];
  /** One for each column; ages are those at `nowMs`. */
  readonly cells: (object: KubeObject, nowMs: number) => readonly JsonValue[];
  /** What clients may hide or mark, such as pods that have ended. */
  readonly conditions?: (object: KubeObject) => readonly JsonObject[];
}

/** Shapes by `group/Kind`. */
export type TableShapes = Readonly<Record<string, TableShape>>;

export function text(name: string): TableColumn {
  return { name, type: "string", format: "", description: "", priority: 0 };
}

export function count(name: string): TableColumn {
  return { ...text(name), type: "integer" };
}

export function flag(name: string): TableColumn {
  return { ...text(name), type: "boolean" };
}

export function wide(column: TableColumn): TableColumn {
  return { ...column, priority: 1 };
}

export const nameColumn: TableColumn = {
  ...text("Name"),
  format: "name",
  description:
    "Name must be unique within a namespace. Is required when creating resources. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
};

export const ageColumn: TableColumn = {
  ...text("Age"),
  description:
    "CreationTimestamp is a timestamp representing the server time when this object was created. Populated by the system. Read-only.",
};

/** What a pod template is of. */
export const templateColumns: readonly TableColumn[] = ["Containers", "Images", "Selector"].map((name) =>
  wide(text(name)),
);
