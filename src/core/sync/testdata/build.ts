import type { KubeObject, ObjectKey, StringMap } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";
import { formatPlan } from "../format.ts";
import type { InventoryEntry, PlanInput, PlannedObject, PlannedOperation, PlanOptions } from "../input.ts";
import { resolvePlanOptions } from "../input.ts";
import { planSync } from "../plan-sync.ts";

const versions: Readonly<Record<string, string>> = {
  Deployment: "apps/v1",
  Job: "batch/v1",
  ClusterRole: "rbac.authorization.k8s.io/v1",
  CustomResourceDefinition: "apiextensions.k8s.io/v1",
  Widget: "example.com/v1",
};
const clusterScoped = new Set(["Namespace", "CustomResourceDefinition", "ClusterRole"]);

/** `object("Deployment/web", { "sync-wave": "1" })`, in namespace `shop` when its kind has namespaces. */
export function object(id: string, annotations: StringMap = {}, fields: Record<string, unknown> = {}): KubeObject {
  const [kind = "", first = "", second] = id.split("/");
  const [namespace, name] = second === undefined ? ["shop", first] : [first, second];
  const named = Object.entries(annotations).map(([key, value]) => [
    key.includes("/") ? key : `argocd.argoproj.io/${key}`,
    value,
  ]);
  return {
    apiVersion: versions[kind] ?? "v1",
    kind,
    metadata: {
      name,
      ...(clusterScoped.has(kind) ? {} : { namespace }),
      ...(named.length === 0 ? {} : { annotations: Object.fromEntries(named) as StringMap }),
    },
    ...fields,
  } as KubeObject;
}

export const widgetCrd = {
  spec: { group: "example.com", names: { kind: "Widget", plural: "widgets" } },
};

export function live(desired: KubeObject, metadata: Record<string, unknown> = {}): KubeObject {
  const uid = `uid-${keyOf(desired)}`;
  return { ...desired, metadata: { ...desired.metadata, uid, resourceVersion: "7", ...metadata } };
}

export function missing(desired: KubeObject, rest: Partial<PlannedObject> = {}): PlannedObject {
  return {
    key: keyOf(desired),
    desired,
    live: undefined,
    verdict: { sync: "OutOfSync", drift: [], needsApply: true },
    kindServed: true,
    ...rest,
  };
}

export function drifted(desired: KubeObject, drift: readonly string[] = ["spec.replicas"]): PlannedObject {
  return missing(desired, { live: live(desired), verdict: { sync: "OutOfSync", drift, needsApply: true } });
}

export function unchanged(desired: KubeObject): PlannedObject {
  return missing(desired, { live: live(desired), verdict: { sync: "Synced", drift: [], needsApply: false } });
}

export function applied(desired: KubeObject, metadata: Record<string, unknown> = {}): InventoryEntry {
  return { key: keyOf(desired), live: live(desired, metadata), trackedByUs: true };
}

const operation: PlannedOperation = {
  revision: "4f2a91c0ffee",
  startedAtMs: 1_700_000_000_000,
  deletionApprovedAtMs: undefined,
  applied: new Set<ObjectKey>(),
  hooks: [],
};

export interface InputParts {
  readonly objects?: readonly PlannedObject[];
  readonly inventory?: readonly InventoryEntry[];
  readonly options?: Partial<PlanOptions>;
  readonly operation?: Partial<PlannedOperation>;
}

export function input(parts: InputParts): PlanInput {
  return {
    app: "shop",
    objects: parts.objects ?? [],
    inventory: parts.inventory ?? [],
    operation: { ...operation, ...parts.operation },
    options: resolvePlanOptions({ prune: true, ...parts.options }),
  };
}

/** The plan as `app plan` prints it, on lines of its own. */
export function plan(parts: InputParts): string {
  return `\n${formatPlan(planSync(input(parts)))}\n`;
}
