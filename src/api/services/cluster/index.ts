import type { ServiceMethods } from "../../call.ts";
import type { Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { get, invalidateCache, list } from "./read-clusters.ts";
import { rotateAuth } from "./rotate-auth.ts";
import { create, remove, update } from "./write-clusters.ts";

/** `cluster.ClusterService`. */
export function clusterMethods(context: ApiContext): Partial<ServiceMethods<"cluster", Caller>> {
  return {
    list: (request, call) => list(context, request, call),
    get: (request, call) => get(context, request, call),
    create: (request, call) => create(context, request, call),
    update: (request, call) => update(context, request, call),
    delete: (request, call) => remove(context, request, call),
    rotateAuth: (request, call) => rotateAuth(context, request, call),
    invalidateCache: (request, call) => invalidateCache(context, request, call),
  };
}
