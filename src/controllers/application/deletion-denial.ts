import type { Application } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, projectNameOf } from "#core/app/index.ts";
import { messageOf } from "#core/errors/index.ts";
import { checkSourceNamespace, defaultProject, parseProject } from "#core/project/index.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { Hub } from "#ports/hub.ts";

/**
 * Why what an Application of another namespace has is not deleted: whoever may write Applications there could otherwise have us delete what
 * they may not. Undefined where its project lets it.
 */
export function deletionDenial(
  app: Application,
  hub: Pick<Hub, "namespace" | "projects">,
): string | undefined {
  const { namespace = "" } = app.metadata;
  if (namespace === hub.namespace) return undefined;
  const denial = denialOf(app, namespace, hub);
  return denial === undefined
    ? undefined
    : `${formatAppKey(appKeyOf(app))}: its objects are not deleted: ${denial}; or remove the finalizer to leave them`;
}

function denialOf(
  app: Application,
  namespace: string,
  hub: Pick<Hub, "namespace" | "projects">,
): string | undefined {
  const name = projectNameOf(app);
  const object = hub.projects.get(`${hub.namespace}/${name}`);
  if (object === undefined && name !== "default") return `project "${name}" does not exist; create it`;
  try {
    const project = object === undefined ? defaultProject(hub.namespace) : parseProject(object);
    return checkSourceNamespace(project, { namespace, controllerNamespace: hub.namespace, compilePattern })
      ?.message;
  } catch (error) {
    // A project that cannot be read permits nothing, and says why.
    return messageOf(error);
  }
}
