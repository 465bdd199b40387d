import { isMooringError, MooringError } from "#core/errors/index.ts";
import { resumeAnnotation, scanAnnotation, viewAutomation } from "#core/images/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import type { ServiceMethods } from "../call.ts";
import type { ApiCall, Caller, Permission } from "../caller.ts";
import { forbidden } from "../caller.ts";
import type { ApiContext } from "../context.ts";
import { apiFieldManager } from "../context.ts";
import type { Automation, AutomationName } from "../contract/gen/mooring/images_pb.ts";
import type { ShapeOf } from "../contract/shape.ts";
import { isManaged } from "./application/find-application.ts";

/** `mooring.images.ImageAutomationService`: what keeps images new, for whoever may see it. */
export function imageAutomationMethods(context: ApiContext): ServiceMethods<"imageAutomation", Caller> {
  const { clock } = context;
  const now = () => new Date(clock.now()).toISOString();
  return {
    list: async (query, call) => ({ items: await listAutomations(context, query, call) }),
    get: async (name, call) => present(await find(context, name, { ...call, action: "get" })),
    scan: async (name, call) =>
      await change(context, name, {
        ...call,
        patch: { metadata: { annotations: { [scanAnnotation]: now() } } },
      }),
    suspend: async (name, call) =>
      await change(context, name, { ...call, patch: { spec: { suspend: true } } }),
    resume: async (name, call) =>
      await change(context, name, {
        ...call,
        patch: { spec: { suspend: null }, metadata: { annotations: { [resumeAnnotation]: now() } } },
      }),
  };
}

async function listAutomations(
  context: ApiContext,
  { namespace = "", project = "" }: { readonly namespace?: string; readonly project?: string },
  { caller, signal }: ApiCall,
): Promise<readonly ShapeOf<Automation>[]> {
  caller.needsNoPermission();
  const { cluster, namespace: own } = context.hub;
  const from = namespace === "" ? own : namespace;
  if (!isManaged(context, from)) return [];
  const objects = await cluster.list(hubTypes.imageAutomation, { namespace: from, signal }).catch(orNone);
  return objects
    .filter((object) => project === "" || viewAutomation(object).project === project)
    .filter((object) => caller.may(permissionOn(context, object, "get")))
    .map((object) => present(object));
}

/** A control plane whose definitions are Argo CD's own has no such kind. */
function orNone(error: unknown): readonly KubeObject[] {
  if (isMooringError(error, "KUBE_NOT_FOUND") || isMooringError(error, "KUBE_UNKNOWN_KIND")) return [];
  throw error;
}

function permissionOn({ hub }: ApiContext, object: KubeObject, action: string): Permission {
  const { project, namespace, name } = viewAutomation(object);
  const within = namespace === hub.namespace ? name : `${namespace}/${name}`;
  return { resource: "imageautomations", action, object: `${project}/${within}` };
}

interface Finding extends ApiCall {
  readonly action: string;
}

/** Whether one exists is told only to who may do the action on it, or in every project. Throws API_FORBIDDEN and APP_NOT_FOUND. */
async function find(
  context: ApiContext,
  { name = "", namespace: asked = "" }: ShapeOf<AutomationName>,
  { caller, action, signal }: Finding,
): Promise<KubeObject> {
  const { cluster, namespace: own } = context.hub;
  const namespace = asked === "" ? own : asked;
  const ref = { type: hubTypes.imageAutomation, namespace, name };
  const isThere = name !== "" && isManaged(context, namespace);
  const object = isThere ? await cluster.read(ref, signal) : undefined;
  const within = namespace === own ? name : `${namespace}/${name}`;
  const permission =
    object === undefined
      ? { resource: "imageautomations", action, object: `*/${within}` }
      : permissionOn(context, object, action);
  if (!caller.may(permission)) throw forbidden({ ...permission, object: `?/${within}` }, caller.username);
  if (object !== undefined) return object;
  throw new MooringError(
    "APP_NOT_FOUND",
    `ImageAutomation/${namespace}/${name}: does not exist; see the list of image automations`,
  );
}

interface Changing extends ApiCall {
  readonly patch: JsonObject;
}

async function change(
  context: ApiContext,
  name: ShapeOf<AutomationName>,
  { patch, ...call }: Changing,
): Promise<ShapeOf<Automation>> {
  const { metadata } = await find(context, name, { ...call, action: "update" });
  const ref = {
    type: hubTypes.imageAutomation,
    namespace: metadata.namespace ?? "",
    name: metadata.name ?? "",
  };
  const changed = await patchObject(context.hub.cluster, ref, {
    decide: (object) => {
      // It may be of another project by now.
      call.caller.require(permissionOn(context, object, "update"));
      return patch;
    },
    fieldManager: apiFieldManager,
    signal: call.signal,
  });
  if (changed !== undefined) return present(changed);
  throw new MooringError(
    "APP_NOT_FOUND",
    `ImageAutomation/${ref.namespace}/${ref.name}: is gone; nothing is left to do`,
  );
}

function present(object: KubeObject): ShapeOf<Automation> {
  const { isSuspended, isCurrent: _, images, ...view } = viewAutomation(object);
  return {
    ...view,
    images: [...images],
    suspended: isSuspended,
    asked: object.metadata.annotations?.[scanAnnotation] ?? "",
  };
}
