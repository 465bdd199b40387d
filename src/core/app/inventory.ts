import type { ObjectKey } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";
import type { Application } from "./types.ts";

/**
 * What the application applied before, as its status lists it: the resources, and what the last operation did since, or was about to do
 * when it was interrupted: a line without an outcome.
 */
export function inventoryOf({ status }: Pick<Application, "status">): readonly ObjectKey[] {
  const applied = (status?.operationState?.syncResult?.resources ?? [])
    .filter(
      ({ status: code, hookType }) => (code === undefined || code === "Synced") && hookType === undefined,
    )
    .map((line) => objectKey(line));
  return [...resourcesOf(status), ...applied];
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
