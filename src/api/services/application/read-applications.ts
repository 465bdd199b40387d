import type { KubeObject } from "#core/object/index.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { findApplication, isManaged, policyName } from "./find-application.ts";
import type { ApplicationShape } from "./present-application.ts";
import { presentApplication } from "./present-application.ts";
import { refresh } from "./refresh.ts";
import type { Query } from "./select-applications.ts";

/** Whether somebody may see an Application, asked of the policy as it is at that moment. */
export function visibleTo(caller: Caller, context: ApiContext): (app: KubeObject) => boolean {
  return (app) =>
    isManaged(context, app.metadata.namespace ?? "") &&
    caller.may({ resource: "applications", action: "get", object: policyName(app, context) });
}

/** One Application; with `refresh` it is compared anew before the answer. */
export async function get(
  context: ApiContext,
  query: Query,
  { caller, signal }: ApiCall,
): Promise<ApplicationShape> {
  const named = { ...query, project: query.project?.[0] ?? query.projects?.[0] ?? "" };
  const app = findApplication(context, named, { caller, action: "get" });
  const { refresh: kind = "" } = query;
  return presentApplication(kind === "" ? app : await refresh(context, app, { kind, signal }));
}
