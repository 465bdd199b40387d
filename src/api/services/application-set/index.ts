import type { ServiceMethods } from "../../call.ts";
import type { Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { get, list, listSetEvents, watch } from "./read-sets.ts";
import { resourceTree } from "./set-tree.ts";
import { create, remove } from "./write-sets.ts";

/** `applicationset.ApplicationSetService`: the objects, and what they have made. What a set would generate needs the controller of sets. */
export function applicationSetMethods(
  context: ApiContext,
): Partial<ServiceMethods<"applicationSet", Caller>> {
  return {
    get: (request, call) => get(context, request, call),
    list: (request, call) => list(context, request, call),
    watch: (request, call) => watch(context, request, call),
    listResourceEvents: (request, call) => listSetEvents(context, request, call),
    resourceTree: (request, call) => resourceTree(context, request, call),
    create: (request, call) => create(context, request, call),
    delete: (request, call) => remove(context, request, call),
  };
}
