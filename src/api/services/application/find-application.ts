import { projectOf } from "#core/project/project-of.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { Caller } from "../../caller.ts";
import { forbidden } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";

/** How requests name an Application. */
export interface ApplicationName {
  readonly name?: string;
  readonly appNamespace?: string;
  /** What the client believes its project to be. */
  readonly project?: string;
}

/** What policies call an Application: `project/name`, or `project/namespace/name` outside of the control plane's namespace. */
export function policyName(app: KubeObject, { hub }: Pick<ApiContext, "hub">): string {
  const { namespace = "", name = "" } = app.metadata;
  return nameIn({ project: projectOf(app), namespace, name }, hub.namespace);
}

interface Named {
  readonly project: string;
  readonly namespace: string;
  readonly name: string;
}

function nameIn({ project, namespace, name }: Named, hubNamespace: string): string {
  return namespace === hubNamespace ? `${project}/${name}` : `${project}/${namespace}/${name}`;
}

export interface Access {
  readonly caller: Caller;
  readonly action: string;
}

/**
 * The Application as the hub has it. Whether it exists is told only to who may do the action on it, or on one of its name in any project.
 * Throws API_FORBIDDEN and APP_NOT_FOUND.
 */
export function findApplication(
  context: Pick<ApiContext, "hub" | "admitsNamespace">,
  { name = "", appNamespace = "", project = "" }: ApplicationName,
  { caller, action }: Access,
): KubeObject {
  const { hub } = context;
  const namespace = appNamespace === "" ? hub.namespace : appNamespace;
  const permission = (within: string) => ({
    resource: "applications",
    action,
    object: nameIn({ project: within, namespace, name }, hub.namespace),
  });
  const app = isManaged(context, namespace) ? hub.applications.get(`${namespace}/${name}`) : undefined;
  if (app !== undefined && (project === "" || project === projectOf(app))) {
    const here = permission(projectOf(app));
    if (caller.may(here)) return app;
    // In which project it is shall nobody learn who may not see it.
    const isSeen = project !== "" || caller.may({ ...here, action: "get" });
    throw forbidden(isSeen ? here : permission("?"), caller.username);
  }
  const asked = permission(project === "" ? "*" : project);
  if (!caller.may(asked))
    throw forbidden({ ...asked, object: permission(project === "" ? "?" : project).object }, caller.username);
  throw new MooringError(
    "APP_NOT_FOUND",
    `Application/${namespace}/${name}: does not exist${project === "" ? "" : ` in project ${project}`}; see the list of applications`,
  );
}

/** Whether Applications of a namespace are looked at here. */
export function isManaged(
  { hub, admitsNamespace }: Pick<ApiContext, "hub" | "admitsNamespace">,
  namespace: string,
): boolean {
  return namespace === hub.namespace || admitsNamespace(namespace);
}

/** Throws API_FORBIDDEN unless the caller may do something with an Application; its project is named only to who may see it. */
export function requireOnApplication(
  context: Pick<ApiContext, "hub">,
  app: KubeObject,
  { caller, action }: Access,
): void {
  const permission = { resource: "applications", action, object: policyName(app, context) };
  if (caller.may(permission)) return;
  const { namespace = "", name = "" } = app.metadata;
  const unseen = nameIn({ project: "?", namespace, name }, context.hub.namespace);
  const object = caller.may({ ...permission, action: "get" }) ? permission.object : unseen;
  throw forbidden({ ...permission, object }, caller.username);
}

export function applicationRef({ metadata }: KubeObject): ObjectRef {
  return { type: hubTypes.application, namespace: metadata.namespace ?? "", name: metadata.name ?? "" };
}
