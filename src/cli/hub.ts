import type { Application } from "#core/app/index.ts";
import { parseApplication } from "#core/app/index.ts";
import { MooringError, isMooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Cluster, ObjectRef, ResourceType } from "#ports/cluster.ts";
import type { Invocation } from "./command.ts";
import type { CliPorts } from "./ports.ts";
import { nearest } from "./usage-error.ts";

/** The field manager of what the command line writes. */
export const cliFieldManager = "mooring-cli";

/** The cluster and namespace that hold Applications, projects and settings. */
export interface CliHub extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly context: string;
}

export function namespaceOf(invocation: Invocation, ports: Pick<CliPorts, "env">): string {
  const given = invocation.flags["control-plane-namespace"];
  const fromEnv = ports.env["ARGOCD_NAMESPACE"] ?? ports.env["MOORING_NAMESPACE"];
  return [given, fromEnv].find((name) => name !== undefined && name !== "") ?? "argocd";
}

/** Connects to the control plane's cluster; nothing is sent yet. Throws KUBE_CONFIG_INVALID. */
export async function openHub(invocation: Invocation, ports: CliPorts): Promise<CliHub> {
  const { kubeconfig, context } = invocation.flags;
  const connected = await ports.connect({ kubeconfig, context });
  const { cluster } = connected;
  return {
    cluster,
    namespace: namespaceOf(invocation, ports),
    context: connected.context,
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

/** An Application's name as commands take it: `web`, or `namespace/web`. */
export function appRef(hub: CliHub, name: string, namespace: string | undefined): ObjectRef {
  const slash = name.indexOf("/");
  return {
    type: hubTypes.application,
    namespace: slash < 0 ? (namespace ?? hub.namespace) : name.slice(0, slash),
    name: name.slice(slash + 1),
  };
}

/** Throws APP_NOT_FOUND that names what is there instead, or APP_INVALID for one that cannot be read. */
export async function readApplication(
  hub: CliHub,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<Application> {
  const object = await hub.cluster.read(ref, signal);
  if (object !== undefined) return parseApplication(object);
  throw await notFound(hub, ref, signal);
}

/** What to say of an object that is not there: the one that may have been meant. */
export async function notFound(hub: CliHub, ref: ObjectRef, signal: AbortSignal): Promise<MooringError> {
  const { kind } = ref.type;
  const objects = await listHub(hub, ref.type, { namespace: ref.namespace, signal });
  const names = objects.map((object) => object.metadata.name ?? "");
  const near = nearest(ref.name, names);
  const command = kind === "Application" ? "mooring app list" : "mooring proj list";
  const hint = near === undefined ? `see: ${command}` : `did you mean ${near}?`;
  return new MooringError(
    "APP_NOT_FOUND",
    `${kind}/${ref.namespace}/${ref.name}: does not exist in context ${hub.context}; ${hint}`,
  );
}

interface ListRequest {
  readonly namespace?: string;
  readonly labelSelector?: string | undefined;
  readonly signal: AbortSignal;
}

/** Lists objects of the control plane; says how to install it where its kinds are missing. */
export async function listHub(
  hub: CliHub,
  type: ResourceType,
  { namespace = hub.namespace, labelSelector, signal }: ListRequest,
): Promise<readonly KubeObject[]> {
  try {
    const selector = labelSelector === undefined ? {} : { labelSelector };
    return await hub.cluster.list(type, { namespace, ...selector, signal });
  } catch (error) {
    if (!isMooringError(error, "KUBE_NOT_FOUND") && !isMooringError(error, "KUBE_UNKNOWN_KIND")) throw error;
    throw new MooringError(
      "CONFIG_NOT_FOUND",
      `context ${hub.context} (${hub.cluster.server}): does not serve ${type.plural}.${type.group}; install Mooring there with: mooring install --apply`,
      { cause: error },
    );
  }
}

const patchTries = 5;

/**
 * Changes an object by a merge patch that holds only for the version it was decided on; when it changed meanwhile it is read
 * and decided again. `decide` returns undefined when nothing is to be done, and may throw.
 */
export async function patchObject(
  hub: CliHub,
  ref: ObjectRef,
  {
    decide,
    signal,
  }: { readonly decide: (object: KubeObject) => JsonObject | undefined; readonly signal: AbortSignal },
): Promise<KubeObject> {
  for (let tried = 1; ; tried += 1) {
    const object = await hub.cluster.read(ref, signal);
    if (object === undefined) throw await notFound(hub, ref, signal);
    const patch = decide(object);
    if (patch === undefined) return object;
    const metadata = {
      ...(patch["metadata"] as JsonObject),
      resourceVersion: object.metadata.resourceVersion,
    };
    try {
      return await hub.cluster.mergePatch(
        ref,
        { ...patch, metadata },
        { fieldManager: cliFieldManager, signal },
      );
    } catch (error) {
      if (!isMooringError(error, "KUBE_CONFLICT") || tried >= patchTries) throw error;
    }
  }
}
