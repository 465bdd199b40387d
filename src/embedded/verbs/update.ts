import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { sharing } from "#core/object/index.ts";
import type { Target, WriteOptions, Written } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { createObject } from "./create.ts";
import { isCreatedByUpdate } from "./created-by-update.ts";
import { manageUpdate } from "./managers.ts";
import { checkUid, prepareUpdate } from "./prepare.ts";
import { findObject } from "./read.ts";
import { readBody } from "./read-body.ts";
import { notFound, unreadableRevision } from "./refusals.ts";
import { requireVersion } from "./require-version.ts";
import { storeObject } from "./store-object.ts";

/** PUT of an object or of its status. */
export function updateObject(
  state: ClusterState,
  target: Target,
  { body, options }: { readonly body: JsonObject; readonly options: WriteOptions },
): Written {
  const next = readBody(state, target, { body, options });
  const live = findObject(state, target);
  if (live === undefined) {
    if (!isCreatedByUpdate(target) || (next.metadata.uid ?? "") !== "") throw notFound(target);
    const { resourceVersion = "" } = next.metadata;
    if (resourceVersion !== "" && !/^\d+$/.test(resourceVersion)) throw unreadableRevision(resourceVersion);
    return { object: createObject(state, target, { body, options }), created: true };
  }
  checkUid({ target, live: live.object, dryRun: options.dryRun }, next.metadata);
  requireVersion(target, next);
  return { object: replaceObject(state, { target, live: live.object, next, options }), created: false };
}

interface Replacement {
  readonly target: Target;
  readonly live: KubeObject;
  readonly next: KubeObject;
  readonly options: WriteOptions;
}

/** Puts an object in the place of the live one that it was made from. */
export function replaceObject(state: ClusterState, { target, live, next, options }: Replacement): KubeObject {
  const prepared = prepareUpdate(target, live, sharing(live as JsonObject, next));
  return storeObject(state, {
    target,
    live: findObject(state, target),
    next: prepared,
    options,
    manage: manageUpdate(state, { target, options, live }),
  });
}
