import type { ApiClient } from "#api/contract/api-client.ts";
import type { Application } from "#core/app/index.ts";
import { parseApplication } from "#core/app/index.ts";
import { MooringError, isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { PatchRequest } from "#engine/patch-object.ts";
import { patchObject as patch } from "#engine/patch-object.ts";
import type { Cluster, ObjectRef, ResourceType } from "#ports/cluster.ts";
import type { Flags, Invocation } from "./command.ts";
import type { CliPorts } from "./ports.ts";
import { nearest } from "#runtime/nearest.ts";

/** The field manager of what the command line writes. */
export const cliFieldManager = "mooring-cli";

/**
 * Where Applications, projects and settings are. With a server behind it, `cluster` gives Applications and projects as the server does,
 * and refuses everything else.
 */
export interface CliHub extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** What was asked, for messages: `in context kind-hub`, or `on server argocd.example.com`. */
  readonly place: string;
  /** The server that is asked; undefined where commands work on the cluster themselves. */
  readonly api?: ApiClient | undefined;
}

/** A hub that is a cluster, whatever one is logged in to. */
export interface ClusterHub extends CliHub {
  /** The kubeconfig context that leads to it. */
  readonly context: string;
}

export function namespaceOf(invocation: Invocation, ports: Pick<CliPorts, "env">): string {
  const given = invocation.flags["control-plane-namespace"];
  const fromEnv = ports.env["ARGOCD_NAMESPACE"] ?? ports.env["MOORING_NAMESPACE"];
  return [given, fromEnv].find((name) => name !== undefined && name !== "") ?? "argocd";
}

/** The server that one is logged in to or has named, or else the control plane's cluster. Throws KUBE_CONFIG_INVALID, CONFIG_NOT_FOUND and `API_` errors. */
export async function openHub(invocation: Invocation, ports: CliPorts): Promise<CliHub> {
  const { chooseServer } = await import("./server/choose-server.ts");
  const choice = await chooseServer(invocation, ports);
  if (choice === undefined) return openClusterHub(invocation, ports);
  const { openServerHub } = await import("./server/open-server.ts");
  return openServerHub(choice, ports);
}

/** Where a command acts, for a question that is asked before. */
export async function placeOfHub(invocation: Invocation, ports: CliPorts): Promise<string> {
  await using hub = await openHub(invocation, ports);
  return hub.place;
}

/** Connects to the control plane's cluster, whatever one is logged in to; nothing is sent yet. Throws KUBE_CONFIG_INVALID. */
export async function openClusterHub(invocation: Invocation, ports: CliPorts): Promise<ClusterHub> {
  const { kubeconfig, context } = invocation.flags;
  const connected = await ports.connect({ kubeconfig, context });
  const { cluster } = connected;
  return {
    cluster,
    namespace: namespaceOf(invocation, ports),
    context: connected.context,
    place: `in context ${connected.context}`,
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

/** `--namespace` of Argo CD's admin commands, as good as `-n`. */
export const adminFlags = {
  namespace: { type: "string", value: "NAME", description: "Namespace of the control plane, as -n" },
} as const satisfies Flags;

/** The same for a command that has `--namespace` as Argo CD's admin commands have it. */
export async function openAdminHub(
  invocation: Invocation<typeof adminFlags>,
  ports: CliPorts,
): Promise<ClusterHub> {
  const hub = await openClusterHub(invocation, ports);
  return { ...hub, namespace: invocation.flags.namespace ?? hub.namespace };
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

/** A project as the hub has it. Throws APP_NOT_FOUND that names what is there instead. */
export async function readProject(hub: CliHub, name: string, signal: AbortSignal): Promise<KubeObject> {
  const ref = { type: hubTypes.project, namespace: hub.namespace, name };
  const object = await hub.cluster.read(ref, signal);
  if (object !== undefined) return object;
  throw await notFound(hub, ref, signal);
}

/** What to say of an object that is not there: the one that may have been meant. */
export async function notFound(hub: CliHub, ref: ObjectRef, signal: AbortSignal): Promise<MooringError> {
  const { kind } = ref.type;
  const objects = await listHub(hub, ref.type, { namespace: ref.namespace, signal });
  const names = objects.map((object) => object.metadata.name ?? "");
  const near = nearest(ref.name, names);
  const command =
    { Application: "mooring app list", ImageAutomation: "mooring image list" }[kind] ?? "mooring proj list";
  const hint = near === undefined ? `see: ${command}` : `did you mean ${near}?`;
  return new MooringError(
    "APP_NOT_FOUND",
    `${kind}/${ref.namespace}/${ref.name}: does not exist ${hub.place}; ${hint}`,
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
      `${hub.place.replace(/^in /u, "")} (${hub.cluster.server}): does not serve ${type.plural}.${type.group}; install Mooring there with: mooring install --apply`,
      { cause: error },
    );
  }
}

/** Changes an object as `patchObject` of the engine does. Throws APP_NOT_FOUND that names what is there instead. */
export async function patchObject(
  hub: CliHub,
  ref: ObjectRef,
  change: Pick<PatchRequest, "decide" | "signal">,
): Promise<KubeObject> {
  const changed = await patch(hub.cluster, ref, { ...change, fieldManager: cliFieldManager });
  if (changed === undefined) throw await notFound(hub, ref, change.signal);
  return changed;
}
