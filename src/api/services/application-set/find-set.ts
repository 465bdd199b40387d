import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { Caller } from "../../caller.ts";
import { forbidden } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { ApplicationSet as SetMessage } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { isManaged } from "../application/find-application.ts";

export type SetShape = ShapeOf<SetMessage>;

/** The project that its applications are in; may be a placeholder in sets that did not come through the API. */
export function projectOfSet(set: KubeObject): string {
  return viewString(set, "spec", "template", "spec", "project") ?? "";
}

/** What policies call a set. */
export function setPolicyName(
  { hub }: Pick<ApiContext, "hub">,
  {
    project,
    namespace,
    name,
  }: { readonly project: string; readonly namespace: string; readonly name: string },
): string {
  return namespace === hub.namespace ? `${project}/${name}` : `${project}/${namespace}/${name}`;
}

/** The namespace that a client means. Throws API_FORBIDDEN for one that is not looked at here. */
export function namespaceOf(context: ApiContext, asked: string): string {
  const namespace = asked === "" ? context.hub.namespace : asked;
  if (isManaged(context, namespace)) return namespace;
  throw new MooringError(
    "API_FORBIDDEN",
    `ApplicationSets of namespace ${namespace} are not looked at here; use ${context.hub.namespace}, or add it to --application-namespaces`,
  );
}

export function setRef(namespace: string, name: string): ObjectRef {
  return { type: hubTypes.applicationSet, namespace, name };
}

interface Access {
  readonly caller: Caller;
  readonly action: string;
  readonly signal: AbortSignal;
}

/** A set. Whether it exists is told only to who may do the action on it, or in every project. Throws API_FORBIDDEN and APP_NOT_FOUND. */
export async function findSet(
  context: ApiContext,
  { name = "", appsetNamespace = "" }: { readonly name?: string; readonly appsetNamespace?: string },
  { caller, action, signal }: Access,
): Promise<KubeObject> {
  const namespace = namespaceOf(context, appsetNamespace);
  const set = name === "" ? undefined : await context.hub.cluster.read(setRef(namespace, name), signal);
  const project = set === undefined ? "*" : projectOfSet(set);
  const permission = {
    resource: "applicationsets",
    action,
    object: setPolicyName(context, { project, namespace, name }),
  };
  if (!caller.may(permission)) {
    const asked = setPolicyName(context, { project: "?", namespace, name });
    throw forbidden({ ...permission, object: asked }, caller.username);
  }
  if (set !== undefined) return set;
  throw new MooringError(
    "APP_NOT_FOUND",
    `ApplicationSet/${namespace}/${name}: does not exist; see the list of application sets`,
  );
}

/** A set as clients are shown it: without the record of who owns which field. */
export function presentSet(set: KubeObject): SetShape {
  const { managedFields: _owners, ...metadata } = set.metadata;
  return { ...set, metadata } as SetShape;
}
