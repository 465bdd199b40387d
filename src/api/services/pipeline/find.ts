import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { Person } from "#core/promotion/index.ts";
import { gone, pipelineRef, promotionRef } from "#engine/promotion-requests/index.ts";
import type { RequestPlace } from "#engine/promotion-requests/index.ts";
import type { ApiCall, Caller, Permission } from "../../caller.ts";
import { forbidden } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { apiFieldManager } from "../../context.ts";
import { projectOf } from "#core/project/project-of.ts";
import { isManaged, policyName } from "../application/find-application.ts";

export interface Access {
  readonly caller: Caller;
  /** `get`, or `promote/prod`. */
  readonly action: string;
  readonly signal: AbortSignal;
}

interface Named {
  readonly name?: string;
  readonly namespace?: string;
}

/**
 * A Pipeline. Whether it exists is told only to who may do the action on it, or on one of its name in every project. Throws API_FORBIDDEN and
 * APP_NOT_FOUND.
 */
export async function findPipeline(
  context: ApiContext,
  { name = "", namespace: asked = "" }: Named,
  { caller, action, signal }: Access,
): Promise<KubeObject> {
  const namespace = namespaceOf(context, asked);
  requireName("name", name);
  const pipeline = await context.hub.cluster.read(pipelineRef(namespace, name), signal);
  const of = (project: string): Permission => ({
    resource: "pipelines",
    action,
    object: policyName(placed({ project, namespace, name }), context),
  });
  if (pipeline !== undefined) {
    if (mayOn(context, pipeline, { caller, action })) return pipeline;
    const isSeen = mayOn(context, pipeline, { caller, action: "get" });
    throw forbidden(of(isSeen ? projectOf(pipeline) : "?"), caller.username);
  }
  if (!caller.may(of("*"))) throw forbidden(of("?"), caller.username);
  throw gone("Pipeline", namespace, name);
}

function placed({ project, namespace, name }: Record<"project" | "namespace" | "name", string>): KubeObject {
  return { apiVersion: "", kind: "", metadata: { namespace, name }, spec: { project } };
}

/** Whether the caller may do something with a Pipeline that was read. */
export function mayOn(
  context: Pick<ApiContext, "hub">,
  pipeline: KubeObject,
  { caller, action }: Pick<Access, "caller" | "action">,
): boolean {
  return caller.may({ resource: "pipelines", action, object: policyName(pipeline, context) });
}

interface PromotionAccess {
  readonly caller: Caller;
  /** `get`, or what is done to the promotion's stage, such as `approve`. */
  readonly verb: "get" | "approve" | "break-glass";
  readonly signal: AbortSignal;
}

/**
 * A Promotion, for who may do something on its stage of its Pipeline. In which Pipeline it is, and whether it exists, is told to nobody who
 * may not see it. Throws API_FORBIDDEN and APP_NOT_FOUND.
 */
export async function findPromotion(
  context: ApiContext,
  {
    promotion: name = "",
    namespace: asked = "",
  }: { readonly promotion?: string; readonly namespace?: string },
  { caller, verb, signal }: PromotionAccess,
): Promise<KubeObject> {
  const namespace = namespaceOf(context, asked);
  requireName("promotion", name);
  const { cluster } = context.hub;
  const promotion = await cluster.read(promotionRef(namespace, name), signal);
  const [stage, of] = ["stage", "pipeline"].map((field) => viewString(promotion, "spec", field) ?? "");
  const pipeline =
    of === undefined || of === "" ? undefined : await cluster.read(pipelineRef(namespace, of), signal);
  const action = (within: string): string => (verb === "get" ? verb : `${verb}/${within}`);
  const owner = pipeline ?? placed({ project: "*", namespace, name: of === "" ? "*" : (of ?? "*") });
  const permission = (within: string) => ({ caller, action: action(within) });
  if (mayOn(context, owner, permission(promotion === undefined ? "*" : (stage ?? "")))) {
    if (promotion !== undefined) return promotion;
    throw gone("Promotion", namespace, name);
  }
  const isSeen = pipeline !== undefined && mayOn(context, pipeline, { caller, action: "get" });
  const shown = isSeen
    ? { action: action(stage ?? ""), object: policyName(pipeline, context) }
    : { action: action("?"), object: policyName(placed({ project: "?", namespace, name: "?" }), context) };
  throw forbidden({ resource: "pipelines", ...shown }, caller.username);
}

/** The namespace that a client means. Throws API_FORBIDDEN for one that is not looked at here. */
export function namespaceOf(context: ApiContext, asked: string): string {
  const namespace = asked === "" ? context.hub.namespace : asked;
  if (isManaged(context, namespace)) return namespace;
  throw new MooringError(
    "API_FORBIDDEN",
    `Pipelines of namespace ${JSON.stringify(namespace.slice(0, 80))} are not looked at here; use ${context.hub.namespace}, or add it to --application-namespaces`,
  );
}

/** What has a slash in it would pass for a name in another namespace. Throws API_INVALID_ARGUMENT. */
export function requireName(field: string, name: string): void {
  if (/^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/u.test(name)) return;
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    `${field}: ${JSON.stringify(name.slice(0, 80))} is no name; use small letters, digits, dots and dashes`,
  );
}

/** Who asks, with everything that the session calls them: the author of a commit may have any of these names. */
export function personOf({ identity, username, groups }: Caller): Person {
  const claims = identity?.claims ?? {};
  const aliases = ["email", "name", "preferred_username", "nickname"].flatMap(
    (claim) => viewString(claims, claim) ?? [],
  );
  return { username, groups, aliases: identity === undefined ? [] : [identity.subject, ...aliases] };
}

export function placeOf({ hub }: Pick<ApiContext, "hub">, { signal }: Pick<ApiCall, "signal">): RequestPlace {
  return { cluster: hub.cluster, fieldManager: apiFieldManager, signal };
}

/** The time of a request (RFC 3339). */
export function timeOf({ clock }: Pick<ApiContext, "clock">): string {
  return new Date(clock.now()).toISOString();
}

/** An object as clients are shown it: without the record of who owns which field. */
export function present<Shape>(object: KubeObject): Shape {
  const { managedFields: _owners, ...metadata } = object.metadata;
  return { ...object, metadata } as Shape;
}

/** What was written, which is then in lists as well. */
export function written<Shape>({ hub }: Pick<ApiContext, "hub">, object: KubeObject): Shape {
  (object.kind === "Pipeline" ? hub.pipelines : hub.promotions).observe(object);
  return present(object);
}
