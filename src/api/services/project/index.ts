import type { ServiceMethods } from "../../call.ts";
import type { Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { getDetailedProject } from "./detailed-project.ts";
import {
  get,
  getGlobalProjects,
  getSyncWindowsState,
  list,
  listProjectEvents,
  listProjectLinks,
} from "./read-projects.ts";
import { createToken, deleteToken } from "./tokens.ts";
import { create, remove, update } from "./write-projects.ts";

/** `project.ProjectService`. */
export function projectMethods(context: ApiContext): ServiceMethods<"project", Caller> {
  return {
    list: (request, call) => list(context, request, call),
    get: (request, call) => get(context, request, call),
    getGlobalProjects: (request, call) => getGlobalProjects(context, request, call),
    getSyncWindowsState: (request, call) => getSyncWindowsState(context, request, call),
    create: (request, call) => create(context, request, call),
    update: (request, call) => update(context, request, call),
    delete: (request, call) => remove(context, request, call),
    getDetailedProject: (request, call) => getDetailedProject(context, request, call),
    createToken: (request, call) => createToken(context, request, call),
    deleteToken: (request, call) => deleteToken(context, request, call),
    listEvents: (request, call) => listProjectEvents(context, request, call),
    listLinks: (request, call) => listProjectLinks(context, request, call),
  };
}
