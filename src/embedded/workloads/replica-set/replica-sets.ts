import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { jsonEqual, viewNumber, viewObject } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { ApiError } from "../../api-error.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import { claimDependents } from "../base/claim-dependents.ts";
import type { Condition } from "../base/conditions.ts";
import { conditionOf, conditionsOf, withCondition } from "../base/conditions.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored, sooner } from "../base/controller.ts";
import { isDeleting, keyIn, nameOf, uidOf } from "../base/owned.ts";
import { ownersOf } from "../base/owners-of.ts";
import { podFromTemplate } from "../base/pod-from-template.ts";
import { isActive, isReady } from "../base/pod-view.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import { rankForDeletion } from "./rank-for-deletion.ts";
import { replicaSetStatus } from "./replica-set-status.ts";

const component = "replicaset-controller";
/** How many pods are made or deleted in one look; their events bring about the next one. */
const burst = 100;

/** Keeps as many pods as a ReplicaSet wants. */
export class ReplicaSets implements Controller {
  readonly name = component;
  readonly resource = resources.replicaSets;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;

  constructor(context: WorkContext) {
    this.#context = context;
    this.#calls = systemCalls(context.state, component);
  }

  note(event: StoreEvent): readonly StoreKey[] {
    if (event.stored.key.resource !== resources.pods || isSameToOwner(event)) return [];
    return ownersOf(this.#context, event, { of: resources.pods, owner: this.resource });
  }

  sync(key: StoreKey): number | undefined {
    const set = readStored(this.#context, key);
    if (set === undefined) return undefined;
    const { events } = this.#context;
    let pods = this.#podsOf(set);
    let [failure, againMs]: [string | undefined, number | undefined] = [undefined, undefined];
    if (!isDeleting(set)) {
      const missing = (viewNumber(set, "spec", "replicas") ?? 1) - pods.length;
      const count = Math.min(Math.abs(missing), burst);
      failure = missing > 0 ? this.#create(set, count) : this.#remove(set, pods, count);
      if (failure !== undefined) {
        events.record({ object: set, type: "Warning", reason: "FailedCreate", message: failure, component });
      }
      const before = pods.length;
      if (missing !== 0) pods = this.#podsOf(set);
      // Without an event of a new pod nothing else would bring about another try.
      if (missing > 0 && pods.length < before + count) againMs = this.#context.timings.retryMs * 10;
    }
    return sooner(againMs, this.#writeStatus(key, { set, pods, failure }));
  }

  #podsOf(set: KubeObject): readonly KubeObject[] {
    return claimDependents(this.#context, this.#calls, {
      owner: set,
      resource: resources.pods,
    }).filter(isActive);
  }

  /** Gives what the API says when it refuses a pod. */
  #create(set: KubeObject, count: number): string | undefined {
    const pod = podFromTemplate({ owner: set, template: viewObject(set, "spec", "template") });
    try {
      for (let made = 0; made < count; made += 1) {
        const created = this.#calls.create(keyIn(resources.pods, pod), pod);
        if (created === undefined) return undefined;
        this.#tell(set, "SuccessfulCreate", `Created pod: ${nameOf(created)}`);
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return `Error creating: ${error.message}`;
    }
  }

  #remove(set: KubeObject, pods: readonly KubeObject[], count: number): undefined {
    if (count === 0) return;
    for (const pod of rankForDeletion(pods).slice(0, count)) {
      this.#calls.remove(keyIn(resources.pods, pod), { propagation: "Background", uid: uidOf(pod) });
      this.#tell(set, "SuccessfulDelete", `Deleted pod: ${nameOf(pod)}`);
    }
  }

  #tell(set: KubeObject, reason: string, message: string): void {
    this.#context.events.record({ object: set, reason, message, component });
  }

  /** Gives when a pod becomes available that is only ready. */
  #writeStatus(key: StoreKey, { set, pods, failure }: Observed): number | undefined {
    const now = this.#context.clock.now();
    const { counts, againMs } = replicaSetStatus(set, pods, now);
    const conditions = withFailure(set, failure, formatTime(now));
    const status: JsonObject = { ...counts, ...(conditions.length === 0 ? {} : { conditions }) };
    writeStatus(this.#calls, key, { object: set, status });
    return againMs;
  }
}

/**
 * What was said of the first failure stands until there is none: messages name the pod, which is another with every try, and each
 * of them would bring about the next try.
 */
function withFailure(set: KubeObject, failure: string | undefined, time: string): readonly Condition[] {
  const conditions = conditionsOf(set);
  if (failure === undefined) return conditions.filter(({ type }) => type !== "ReplicaFailure");
  if (conditionOf(set, "ReplicaFailure") !== undefined) return conditions;
  const failed = {
    type: "ReplicaFailure",
    status: "True",
    reason: "FailedCreate",
    message: failure,
  } as const;
  return withCondition(conditions, failed, time);
}

/** Most of what happens to a pod changes nothing for its ReplicaSet, which would look at all of its pods. */
function isSameToOwner({ type, stored, previous }: StoreEvent): boolean {
  if (type !== "updated" || previous === undefined) return false;
  const [after, before] = [stored.object, previous.object];
  return (
    isActive(after) === isActive(before) &&
    isReady(after) === isReady(before) &&
    jsonEqual(after.metadata.labels, before.metadata.labels) &&
    jsonEqual(after.metadata.ownerReferences, before.metadata.ownerReferences)
  );
}

interface Observed {
  readonly set: KubeObject;
  readonly pods: readonly KubeObject[];
  readonly failure: string | undefined;
}
