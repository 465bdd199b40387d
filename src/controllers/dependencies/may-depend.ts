import { projectOf } from "#core/project/project-of.ts";
import { appKeyOf } from "#core/app/index.ts";
import { admitsDependents } from "#core/dependencies/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { checkSourceNamespace, defaultProject, parseProject } from "#core/project/index.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { Hub } from "#ports/hub.ts";

type Projects = Pick<Hub, "namespace" | "projects">;

/**
 * Whether one Application may depend on another, and so learn how it is: they are of one project, or the other's project lets the
 * first one's in. What an Application says of its own project counts only where that project lets Applications of its namespace in.
 */
export function mayDepend(dependent: KubeObject, dependency: KubeObject, hub: Projects): boolean {
  if (appKeyOf(dependent) === appKeyOf(dependency)) return true;
  if (!isAtHome(dependent, hub) || !isAtHome(dependency, hub)) return false;
  const [own, other] = [projectOf(dependent), projectOf(dependency)];
  return own === other || admitsDependents(hub.projects.get(`${hub.namespace}/${other}`), own);
}

function isAtHome(app: KubeObject, { namespace: controllerNamespace, projects }: Projects): boolean {
  const { namespace = "" } = app.metadata;
  if (namespace === controllerNamespace) return true;
  const name = projectOf(app);
  const object = projects.get(`${controllerNamespace}/${name}`);
  if (object === undefined && name !== "default") return false;
  try {
    const project = object === undefined ? defaultProject(controllerNamespace) : parseProject(object);
    return checkSourceNamespace(project, { namespace, controllerNamespace, compilePattern }) === undefined;
  } catch (error) {
    // A project that cannot be read permits nothing; its own applications say so.
    if (!isMooringError(error)) throw error;
    return false;
  }
}
