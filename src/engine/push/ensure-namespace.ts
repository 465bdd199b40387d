import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { SyncPlan } from "#core/sync/index.ts";
import { actionsOf } from "#core/sync/index.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";

const namespaceType: ResourceType = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
  verbs: [],
  shortNames: [],
};

interface NamespaceRequest {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

/** Whoever may not look at namespaces deploys to one that is there. */
export async function hasNamespace({ cluster, namespace, signal }: NamespaceRequest): Promise<boolean> {
  try {
    return (
      (await cluster.read({ type: namespaceType, namespace: "", name: namespace }, signal)) !== undefined
    );
  } catch (error) {
    if (isMooringError(error, "KUBE_FORBIDDEN")) return true;
    throw error;
  }
}

/**
 * Creates a namespace that the plan is about to create, bare: the inventory is written in it before anything is applied. Throws
 * SYNC_REFUSED when the plan does not create it.
 */
export async function createPlanned(plan: SyncPlan, request: NamespaceRequest): Promise<void> {
  const { cluster, namespace, signal } = request;
  const isPlanned = actionsOf(...plan.waves).some(
    (action) =>
      action.verb === "apply" &&
      action.desired.kind === "Namespace" &&
      action.desired.metadata.name === namespace,
  );
  if (!isPlanned)
    throw new MooringError(
      "SYNC_REFUSED",
      `application ${plan.app}: namespace ${namespace} does not exist; create it, or give --sync-option CreateNamespace=true, or another --namespace`,
    );
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  try {
    await cluster.create(namespaceType, object, { fieldManager: "mooring-cli", signal });
  } catch (error) {
    if (!isMooringError(error, "KUBE_EXISTS")) throw error;
  }
}
