import type { ManagedFieldsEntry } from "./managed-fields.ts";
import { managerId } from "./managers.ts";
import { printFieldPath } from "./path.ts";
import type { FieldConflict } from "./take-over.ts";
import type { JsonObject } from "#core/object/index.ts";

/** A field that an apply would take away from another manager. */
export interface ApplyConflict extends Omit<ManagedFieldsEntry, "fields"> {
  /** As the API server prints it: `.spec.template.spec.containers[name="web"].image`. */
  readonly field: string;
}

/** A cause in the details of the API server's Status. */
export interface ConflictCause extends JsonObject {
  readonly reason: "FieldManagerConflict";
  readonly message: string;
  readonly field: string;
}

export function applyConflictOf({ owner, path }: FieldConflict): ApplyConflict {
  const { fields: _fields, ...entry } = owner;
  return { ...entry, field: printFieldPath(path) };
}

export function conflictCauses(conflicts: readonly ApplyConflict[]): readonly ConflictCause[] {
  return conflicts.map((conflict) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${printManager(conflict)}`,
    field: conflict.field,
  }));
}

/** The message of the API server's 409. */
export function conflictMessage(conflicts: readonly ApplyConflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1 && first !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${printManager(first)}: ${first.field}`;
  }
  const byManager = Map.groupBy(conflicts, (conflict) => managerId(conflict));
  const lines = [...byManager.values()].flatMap((group) => {
    return group.map((conflict, i) => {
      const heading = i === 0 ? `conflicts with ${printManager(conflict)}:\n` : "";
      return `${heading}- ${conflict.field}`;
    });
  });
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

function printManager({ manager, operation, apiVersion, subresource }: ApplyConflict): string {
  const through = subresource === "" ? "" : ` with subresource ${JSON.stringify(subresource)}`;
  const version = operation === "Update" ? ` using ${apiVersion}` : "";
  return `${JSON.stringify(manager)}${through}${version}`;
}
