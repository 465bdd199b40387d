import type { Application } from "#core/app/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";

/** What an Application applied before, as its status lists it. */
export function inventoryOf(app: Application): readonly ObjectKey[] {
  return (app.status?.resources ?? []).flatMap(({ group = "", kind, namespace = "", name }) =>
    kind === undefined || name === undefined ? [] : [objectKey({ group, kind, namespace, name })],
  );
}
