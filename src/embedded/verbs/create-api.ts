import type { EmbeddedApi, Target } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { createObject } from "./create.ts";
import { deleteObject, deleteObjects } from "./delete.ts";
import { listObjects } from "./list.ts";
import { patchObject } from "./patch.ts";
import { getObject } from "./read.ts";
import {
  createSubresource,
  getSubresource,
  ownSubresources,
  patchedScale,
  scaleBody,
  writeScale,
} from "./subresources.ts";
import { updateObject } from "./update.ts";
import { watchObjects } from "./watch.ts";

/** What can be asked of a cluster, on its state. */
export function createEmbeddedApi(state: ClusterState): EmbeddedApi {
  return {
    get: (target) => (isOwn(target) ? getObject(state, target) : getSubresource(state, target)),
    list: (target, request) => listObjects(state, target, request),
    watch: (target, request) => watchObjects(state, target, request),
    create: (target, body, options) =>
      target.subresource === ""
        ? createObject(state, target, { body, options })
        : createSubresource(state, target, { body, options }),
    update: (target, body, options) =>
      isOwn(target)
        ? updateObject(state, target, { body, options })
        : writeScale(state, target, { scale: scaleBody(target, body), options }),
    patch: (target, patch, options) =>
      isOwn(target)
        ? patchObject(state, target, { patch, options })
        : writeScale(state, target, { scale: (live) => patchedScale(live, patch), options }),
    delete: (target, options) => deleteObject(state, target, options),
    deleteCollection: (target, selectors, options) => deleteObjects(state, target, { selectors, options }),
  };
}

function isOwn({ subresource }: Target): boolean {
  return ownSubresources.includes(subresource);
}
