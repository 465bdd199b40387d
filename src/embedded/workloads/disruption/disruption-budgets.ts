import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, labelsOf, viewNumber, viewObject } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import type { Condition } from "../base/conditions.ts";
import { conditionsOf, withCondition } from "../base/conditions.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { resolveIntOrPercent } from "../base/int-or-percent.ts";
import { matcherOf } from "../base/match-selector.ts";
import { isDeleting, namespaceOf, uidOf } from "../base/owned.ts";
import { isFinished, isReady } from "../base/pod-view.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";

const owners: readonly string[] = [resources.replicaSets, resources.statefulSets, resources.jobs];

/** Counts how many pods may be evicted. */
export class DisruptionBudgets implements Controller {
  readonly name = "disruption-controller";
  readonly resource = resources.disruptionBudgets;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;

  constructor(context: WorkContext) {
    this.#context = context;
    this.#calls = systemCalls(context.state, this.name);
  }

  note({ stored, previous }: StoreEvent): readonly StoreKey[] {
    const { resource, namespace } = stored.key;
    if (resource !== resources.pods) return [];
    return this.#context.state.store
      .list({ resource: this.resource, namespace })
      .filter(
        ({ object }) => selects(object, stored.object) || (previous && selects(object, previous.object)),
      )
      .map(({ key }) => key);
  }

  sync(key: StoreKey): undefined {
    const budget = readStored(this.#context, key);
    if (budget === undefined || isDeleting(budget)) return;
    const pods = this.#podsOf(budget);
    const currentHealthy = pods.filter((pod) => isReady(pod) && !isDeleting(pod)).length;
    const { expectedPods, desiredHealthy } = this.#needs(budget, pods);
    const allowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
    const time = formatTime(this.#context.clock.now());
    const condition = {
      ...allowance(allowed),
      ...(budget.metadata.generation === undefined ? {} : { observedGeneration: budget.metadata.generation }),
    };
    const status: JsonObject = {
      conditions: withCondition(conditionsOf(budget), condition, time),
      currentHealthy,
      desiredHealthy,
      disruptionsAllowed: allowed,
      expectedPods,
      observedGeneration: budget.metadata.generation,
    };
    writeStatus(this.#calls, key, { object: budget, status });
  }

  #podsOf(budget: KubeObject): readonly KubeObject[] {
    const { selector } = viewObject(budget, "spec");
    if (!isJsonObject(selector)) return [];
    const found = this.#context.index.podsMatching(namespaceOf(budget), selector);
    return found.filter((pod) => !isFinished(pod));
  }

  #needs(
    budget: KubeObject,
    pods: readonly KubeObject[],
  ): { readonly expectedPods: number; readonly desiredHealthy: number } {
    const { minAvailable, maxUnavailable } = viewObject(budget, "spec");
    if (typeof minAvailable === "number") {
      return { expectedPods: pods.length, desiredHealthy: minAvailable };
    }
    const expectedPods = this.#wantedBehind(pods);
    const desiredHealthy =
      maxUnavailable === undefined
        ? resolveIntOrPercent(minAvailable ?? 1, expectedPods, "up")
        : expectedPods - resolveIntOrPercent(maxUnavailable, expectedPods, "up");
    return { expectedPods, desiredHealthy: Math.max(0, desiredHealthy) };
  }

  /** How many pods the controllers behind some pods want. */
  #wantedBehind(pods: readonly KubeObject[]): number {
    const found = new Map<string, number>();
    for (const pod of pods) {
      const owner = this.#topOwner(pod);
      if (owner !== undefined) found.set(uidOf(owner), viewNumber(owner, "spec", "replicas") ?? 1);
    }
    return [...found.values()].reduce((sum, replicas) => sum + replicas, 0);
  }

  #topOwner(pod: KubeObject): KubeObject | undefined {
    const owner = this.#ownerIn(pod, owners);
    return (owner && this.#ownerIn(owner, [resources.deployments])) ?? owner;
  }

  #ownerIn(object: KubeObject, among: readonly string[]): KubeObject | undefined {
    const keys = among.map((resource) => this.#context.index.controllerKey(object, resource));
    const key = keys.find((each) => each !== undefined);
    return key && readStored(this.#context, key);
  }
}

function selects(budget: KubeObject, pod: KubeObject): boolean {
  const { selector } = viewObject(budget, "spec");
  return isJsonObject(selector) && matcherOf(selector)(labelsOf(pod));
}

function allowance(allowed: number): Condition {
  return allowed > 0
    ? { type: "DisruptionAllowed", status: "True", reason: "SufficientPods", message: "" }
    : { type: "DisruptionAllowed", status: "False", reason: "InsufficientPods", message: "" };
}
