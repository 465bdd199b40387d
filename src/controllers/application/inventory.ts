import type { Application } from "#core/app/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";

/** What the application applied before, as its status lists it. */
export function inventoryOf(app: Application): readonly ObjectKey[] {
  return (app.status?.resources ?? []).flatMap((one) =>
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
