import type { JsonObject, KubeObject } from "#core/object/index.ts";
import {
  isJsonObject,
  labelsOf,
  viewArray,
  viewNumber,
  viewObject,
  viewPath,
  viewString,
} from "#core/object/index.ts";
import { resolveIntOrPercent } from "../base/int-or-percent.ts";
import { byAge, isDeleting, nameOf, nonZero, present } from "../base/owned.ts";
import { availableInMs, isFinished, isReady, nodeOf } from "../base/pod-view.ts";
import { isEligible } from "../nodes/fits-node.ts";
import { hashOfRevision, revisionLabel } from "../revisions/revisions.ts";

/** A DaemonSet with its pods at a moment. */
export interface DaemonState {
  readonly set: KubeObject;
  /** Nodes that are to run a pod. */
  readonly nodes: readonly string[];
  /** By node, oldest first. */
  readonly pods: ReadonlyMap<string, readonly KubeObject[]>;
  readonly update: KubeObject;
  readonly now: number;
}

export function daemonState(
  set: KubeObject,
  {
    nodes,
    pods,
    ...rest
  }: {
    readonly nodes: readonly KubeObject[];
    readonly pods: readonly KubeObject[];
    readonly update: KubeObject;
    readonly now: number;
  },
): DaemonState {
  const spec = viewObject(set, "spec", "template", "spec");
  return {
    set,
    nodes: nodes.filter((node) => isEligible(spec, node)).map(nameOf),
    pods: Map.groupBy(pods.toSorted(byAge), intendedNode),
    ...rest,
  };
}

/** The node that a pod was made for. */
function intendedNode(pod: KubeObject): string {
  const terms = viewPath(
    pod,
    "spec",
    "affinity",
    "nodeAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "nodeSelectorTerms",
  );
  const [term] = viewArray(terms);
  const [field] = viewArray(term, "matchFields");
  const [name] = viewArray(field, "values");
  return nodeOf(pod) || (typeof name === "string" ? name : "");
}

/** The affinity that ties a pod to its node. */
export function tiedTo(template: JsonObject, node: string): JsonObject {
  const affinity = viewObject(template, "spec", "affinity");
  const nodeAffinity = viewObject(affinity, "nodeAffinity");
  const required = viewObject(nodeAffinity, "requiredDuringSchedulingIgnoredDuringExecution");
  const terms = viewArray(required, "nodeSelectorTerms").filter(isJsonObject);
  const matchFields = [{ key: "metadata.name", operator: "In", values: [node] }];
  return {
    ...affinity,
    nodeAffinity: {
      ...nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms:
          terms.length === 0 ? [{ matchFields }] : terms.map((term) => ({ ...term, matchFields })),
      },
    },
  };
}

interface DaemonPlan {
  /** Nodes that get a pod. */
  readonly missing: readonly string[];
  readonly surplus: readonly KubeObject[];
}

/** A pod on each node: what is too many or has ended goes, and what is outdated as fast as the strategy allows. */
export function planDaemonSet(state: DaemonState): DaemonPlan {
  const wanted = new Set(state.nodes);
  const surplus = [...state.pods].flatMap(([node, pods]) => {
    const live = pods.filter((pod) => !isDeleting(pod));
    const [, ...others] = live.filter((pod) => !isFinished(pod));
    return wanted.has(node) ? [...live.filter(isFinished), ...others] : live;
  });
  const missing = state.nodes.filter((node) => (state.pods.get(node) ?? []).length === 0);
  return { missing, surplus: [...surplus, ...outdated(state)] };
}

function outdated(state: DaemonState): readonly KubeObject[] {
  if (viewString(state.set, "spec", "updateStrategy", "type") === "OnDelete") return [];
  const current = state.nodes.map((node) => firstOn(state, node));
  const old = current.filter((pod) => pod !== undefined && !isDeleting(pod) && !isUpdated(state, pod));
  const unavailable = current.filter((pod) => pod === undefined || !isAvailable(state, pod)).length;
  const max = viewPath(state.set, "spec", "updateStrategy", "rollingUpdate", "maxUnavailable") ?? 1;
  const allowed = Math.max(1, resolveIntOrPercent(max, state.nodes.length, "up"));
  const broken = old.filter((pod) => pod !== undefined && !isAvailable(state, pod));
  const running = old.filter((pod) => pod !== undefined && isAvailable(state, pod));
  return [...broken, ...running.slice(0, Math.max(0, allowed - unavailable))].filter(
    (pod) => pod !== undefined,
  );
}

function firstOn({ pods }: DaemonState, node: string): KubeObject | undefined {
  return pods.get(node)?.find((pod) => !isFinished(pod));
}

function isUpdated({ update }: DaemonState, pod: KubeObject): boolean {
  return labelsOf(pod)[revisionLabel] === hashOfRevision(update);
}

function waitOf({ set, now }: DaemonState, pod: KubeObject): number | undefined {
  return availableInMs(pod, viewNumber(set, "spec", "minReadySeconds") ?? 0, now);
}

function isAvailable(state: DaemonState, pod: KubeObject): boolean {
  return !isDeleting(pod) && waitOf(state, pod) === 0;
}

/** The status of a DaemonSet, and when it changes by time alone. */
export function daemonSetStatus(state: DaemonState): {
  readonly status: JsonObject;
  readonly againMs: number | undefined;
} {
  const scheduled = state.nodes.flatMap((node) => firstOn(state, node) ?? []);
  const wanted = new Set(state.nodes);
  const misplaced = [...state.pods].filter(
    ([node, pods]) => !wanted.has(node) && pods.some((pod) => !isFinished(pod)),
  );
  const waits = scheduled.flatMap((pod) => waitOf(state, pod) ?? []).filter((ms) => ms > 0);
  const available = scheduled.filter((pod) => isAvailable(state, pod)).length;
  const status = present({
    currentNumberScheduled: scheduled.length,
    numberMisscheduled: misplaced.length,
    desiredNumberScheduled: state.nodes.length,
    numberReady: scheduled.filter((pod) => isReady(pod) && !isDeleting(pod)).length,
    observedGeneration: state.set.metadata.generation,
    updatedNumberScheduled: nonZero(scheduled.filter((pod) => isUpdated(state, pod)).length),
    numberAvailable: nonZero(available),
    numberUnavailable: nonZero(state.nodes.length - available),
  });
  return { status, againMs: waits.length === 0 ? undefined : Math.min(...waits) };
}
