import { namedProject } from "#core/project/project-of.ts";
import { MooringError } from "#core/errors/index.ts";

/** An Application or ApplicationSet as it is stored: never as a request describes it. */
export interface StoredApplication {
  /** `spec.project`; empty means `default`. */
  readonly project: string;
  readonly namespace: string;
  readonly name: string;
}

/** `<project>/<name>`, and `<project>/<namespace>/<name>` outside of the control plane's namespace. Throws CONFIG_INVALID. */
export function applicationObject(app: StoredApplication, controlPlaneNamespace: string): string {
  const project = namedProject(app.project);
  const isHome = app.namespace === "" || app.namespace === controlPlaneNamespace;
  return isHome ? path([project, app.name]) : path([project, app.namespace, app.name]);
}

/** A repository or cluster: its URL, after `<project>/` where it belongs to one. Throws CONFIG_INVALID. */
export function scopedObject(project: string, url: string): string {
  return project === "" ? url : `${path([project])}/${url}`;
}

export interface ApplicationPart {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** `update/<group>/<kind>/<namespace>/<name>`: the action on one object of an Application. Throws CONFIG_INVALID. */
export function partAction(
  verb: "update" | "delete",
  { group, kind, namespace, name }: ApplicationPart,
): string {
  return path([verb, group, kind, namespace, name]);
}

/** `action/<group>/<kind>/<name of the action>`. Throws CONFIG_INVALID. */
export function customAction(
  { group, kind }: Pick<ApplicationPart, "group" | "kind">,
  action: string,
): string {
  return path(["action", group, kind, action]);
}

/** Joins parts none of which may pretend to be two: in `a/b` of project `p` an asker's `a` would pass for a namespace. */
function path(parts: readonly string[]): string {
  const wrong = parts.find((part) => part.includes("/"));
  if (wrong === undefined) return parts.join("/");
  throw new MooringError(
    "CONFIG_INVALID",
    `name ${JSON.stringify(wrong)}: has a slash, which no name has; correct it`,
  );
}
