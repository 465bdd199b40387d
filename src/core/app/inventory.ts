import type { ObjectKey } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";
import type { Application } from "./types.ts";

/**
 * What the application applied before, as its status lists it: the resources, and what the last operation did since, or was about to do
 * when it was interrupted: a line without an outcome. An apply that failed counts, too: its answer may have been lost.
 */
export function inventoryOf({ status }: Pick<Application, "status">): readonly ObjectKey[] {
  const applied = (status?.operationState?.syncResult?.resources ?? [])
    .filter(({ status: code, hookType }) => hookType === undefined && mayBeThere(code))
    .map((line) => objectKey(line));
  return [...resourcesOf(status), ...applied];
}

function mayBeThere(code: string | undefined): boolean {
  return code === undefined || code === "Synced" || code === "SyncFailed";
}

function resourcesOf(status: Application["status"]): readonly ObjectKey[] {
  return (status?.resources ?? []).flatMap((one) =>
    one.kind === undefined || one.name === undefined
      ? []
      : [
          objectKey({
            group: one.group ?? "",
            kind: one.kind,
            namespace: one.namespace ?? "",
            name: one.name,
          }),
        ],
  );
}
