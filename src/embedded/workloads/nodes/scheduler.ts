import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import { conditionsOf, withCondition } from "../base/conditions.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { isDeleting, nameOf, namespaceOf } from "../base/owned.ts";
import { isFinished, nodeOf } from "../base/pod-view.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import { misfitOf } from "./fits-node.ts";

const component = "default-scheduler";

/** Gives pods a node, one node after the other. */
export class Scheduler implements Controller {
  readonly name = "scheduler";
  readonly resource = resources.pods;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;
  /** Pods without a place; they are looked at again when a node or a claim changes. */
  readonly #waiting = new Map<string, StoreKey>();
  #turn = 0;

  constructor(context: WorkContext) {
    this.#context = context;
    this.#calls = systemCalls(context.state, "kube-scheduler", "kube-scheduler");
  }

  note({ stored }: StoreEvent): readonly StoreKey[] {
    const { resource } = stored.key;
    if (resource !== resources.nodes && resource !== resources.claims) return [];
    return [...this.#waiting.values()];
  }

  sync(key: StoreKey): undefined {
    const id = `${key.namespace} ${key.name}`;
    const pod = readStored(this.#context, key);
    this.#waiting.delete(id);
    if (pod === undefined || !isToBePlaced(pod)) return;
    const reason = this.#claimMisfit(pod) ?? this.#place(key, pod);
    if (reason === undefined) return;
    this.#waiting.set(id, key);
    this.#refuse(key, pod, reason);
  }

  /** Binds the pod; gives the reason when no node will have it. */
  #place(key: StoreKey, pod: KubeObject): string | undefined {
    const nodes = this.#context.state.store.list({ resource: resources.nodes }).map(({ object }) => object);
    const spec = viewObject(pod, "spec");
    const misfits = nodes.map((node) => misfitOf(spec, node));
    const fitting = nodes.filter((_node, index) => misfits[index] === undefined);
    const node = fitting[this.#turn % fitting.length];
    if (node === undefined) return misfitMessage(misfits);
    this.#turn += 1;
    this.#calls.replace(key, { ...pod, spec: { ...spec, nodeName: nameOf(node) } }, "binding");
    this.#context.events.record({
      object: pod,
      reason: "Scheduled",
      message: `Successfully assigned ${namespaceOf(pod)}/${nameOf(pod)} to ${nameOf(node)}`,
      component,
    });
    return undefined;
  }

  #claimMisfit(pod: KubeObject): string | undefined {
    for (const name of claimsOf(pod)) {
      const claim = readStored(this.#context, {
        resource: resources.claims,
        namespace: namespaceOf(pod),
        name,
      });
      if (claim === undefined) return `persistentvolumeclaim ${JSON.stringify(name)} not found.`;
      if (isDeleting(claim)) return `persistentvolumeclaim ${JSON.stringify(name)} is being deleted.`;
      if (viewString(claim, "status", "phase") !== "Bound") {
        return `pod has unbound immediate PersistentVolumeClaims.`;
      }
    }
    return undefined;
  }

  #refuse(key: StoreKey, pod: KubeObject, message: string): void {
    const condition = {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message,
    } as const;
    const time = formatTime(this.#context.clock.now());
    const conditions = withCondition(conditionsOf(pod), condition, time);
    const status: JsonObject = { phase: "Pending", ...viewObject(pod, "status"), conditions };
    writeStatus(this.#calls, key, { object: pod, status });
    const known = conditionsOf(pod).find(({ type }) => type === "PodScheduled");
    if (known?.message === message) return;
    this.#context.events.record({
      object: pod,
      type: "Warning",
      reason: "FailedScheduling",
      message,
      component,
    });
  }
}

function isToBePlaced(pod: KubeObject): boolean {
  if (nodeOf(pod) !== "" || isDeleting(pod) || isFinished(pod)) return false;
  const scheduler = viewString(pod, "spec", "schedulerName") ?? component;
  return scheduler === component && viewArray(pod, "spec", "schedulingGates").length === 0;
}

function claimsOf(pod: KubeObject): readonly string[] {
  return viewArray(pod, "spec", "volumes")
    .filter(isJsonObject)
    .flatMap((volume) => viewString(volume, "persistentVolumeClaim", "claimName") ?? []);
}

/** `0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.` */
function misfitMessage(misfits: readonly (string | undefined)[]): string {
  const counts = Map.groupBy(misfits, (misfit) => misfit ?? "");
  const reasons = [...counts].map(([reason, all]) => `${all.length} ${reason}`).toSorted();
  if (reasons.length === 0) return "no nodes available to schedule pods";
  return `0/${misfits.length} nodes are available: ${reasons.join(", ")}.`;
}
