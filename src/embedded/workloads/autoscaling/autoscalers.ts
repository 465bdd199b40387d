import type { JsonArray, JsonObject, KubeObject } from "#core/object/index.ts";
import {
  annotationsOf,
  isJsonObject,
  viewArray,
  viewNumber,
  viewObject,
  viewString,
} from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import type { Condition } from "../base/conditions.ts";
import { conditionsOf, withCondition } from "../base/conditions.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { isDeleting, present } from "../base/owned.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import { simulated } from "../pods/behaviour.ts";
import type { ScaleTarget } from "./scale-target.ts";
import { scaled, scaleTargetOf } from "./scale-target.ts";

const component = "horizontal-pod-autoscaler";
const scalable: readonly string[] = [resources.deployments, resources.replicaSets, resources.statefulSets];
const metric = "cpu resource utilization (percentage of request)";

/** Scales its target to what an annotation says the load asks for, within its bounds. */
export class Autoscalers implements Controller {
  readonly name = component;
  readonly resource = resources.autoscalers;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;

  constructor(context: WorkContext) {
    this.#context = context;
    this.#calls = systemCalls(context.state, "horizontal-pod-autoscaler");
  }

  note({ stored: { key, object } }: StoreEvent): readonly StoreKey[] {
    if (!scalable.includes(key.resource)) return [];
    return this.#context.state.store
      .list({ resource: this.resource, namespace: key.namespace })
      .filter(({ object: each }) => {
        const { kind, name } = viewObject(each, "spec", "scaleTargetRef");
        return kind === object.kind && name === key.name;
      })
      .map((stored) => stored.key);
  }

  sync(key: StoreKey): number | undefined {
    const autoscaler = readStored(this.#context, key);
    if (autoscaler === undefined || isDeleting(autoscaler)) return undefined;
    const target = scaleTargetOf(this.#context, autoscaler);
    const wish = target && target.wanted > 0 ? wishOf(autoscaler, target) : undefined;
    const isScaled = target !== undefined && wish !== undefined && wish.replicas !== target.wanted;
    if (isScaled) {
      this.#calls.replace(target.key, scaled(target, wish.replicas));
      const direction = wish.replicas > target.wanted ? "above" : "below";
      const message = `New size: ${wish.replicas}; reason: ${metric} ${direction} target`;
      this.#context.events.record({ object: autoscaler, reason: "SuccessfulRescale", message, component });
    }
    this.#writeStatus(key, { autoscaler, target, wish, isScaled });
    return this.#context.timings.scaleMs;
  }

  #writeStatus(key: StoreKey, { autoscaler, target, wish, isScaled }: Observed): void {
    const time = formatTime(this.#context.clock.now());
    const live = viewObject(autoscaler, "status");
    const conditions = conditionsFor({ autoscaler, target, wish, isScaled }).reduce(
      (all, condition) => withCondition(all, condition, time),
      conditionsOf(autoscaler),
    );
    const status = present({
      observedGeneration: autoscaler.metadata.generation,
      lastScaleTime: isScaled ? time : live["lastScaleTime"],
      currentReplicas: target?.actual ?? 0,
      desiredReplicas: wish?.replicas ?? target?.wanted ?? 0,
      currentMetrics: wish === undefined ? undefined : metricsOf(autoscaler),
      conditions,
    });
    writeStatus(this.#calls, key, { object: autoscaler, status });
  }
}

interface Wish {
  readonly replicas: number;
  readonly limit: "TooManyReplicas" | "TooFewReplicas" | undefined;
}

interface Observed {
  readonly autoscaler: KubeObject;
  readonly target: ScaleTarget | undefined;
  readonly wish: Wish | undefined;
  readonly isScaled: boolean;
}

/** Without an annotation the load is such that everything may stay as it is. */
function wishOf(autoscaler: KubeObject, { wanted }: ScaleTarget): Wish {
  const said = Number(annotationsOf(autoscaler)[`${simulated}/desired-replicas`] ?? wanted);
  const asked = Number.isNaN(said) ? wanted : said;
  const min = viewNumber(autoscaler, "spec", "minReplicas") ?? 1;
  const max = viewNumber(autoscaler, "spec", "maxReplicas") ?? min;
  if (asked > max) return { replicas: max, limit: "TooManyReplicas" };
  if (asked < min) return { replicas: min, limit: "TooFewReplicas" };
  return { replicas: asked, limit: undefined };
}

function conditionsFor({ autoscaler, target, wish, isScaled }: Observed): readonly Condition[] {
  if (target === undefined) {
    const reference = viewObject(autoscaler, "spec", "scaleTargetRef");
    const [kind, name] = [viewString(reference, "kind") ?? "", viewString(reference, "name") ?? ""];
    const message = `the HPA controller was unable to get the target's current scale: ${kind} ${JSON.stringify(name)} not found`;
    return [{ type: "AbleToScale", status: "False", reason: "FailedGetScale", message }];
  }
  const able: Condition = isScaled
    ? {
        type: "AbleToScale",
        status: "True",
        reason: "SucceededRescale",
        message: `the HPA controller was able to update the target scale to ${wish?.replicas ?? 0}`,
      }
    : {
        type: "AbleToScale",
        status: "True",
        reason: "ReadyForNewScale",
        message: "recommended size matches current size",
      };
  if (wish === undefined) {
    const message = "scaling is disabled since the replica count of the target is zero";
    return [able, { type: "ScalingActive", status: "False", reason: "ScalingDisabled", message }];
  }
  const message = `the HPA was able to successfully calculate a replica count from ${metric}`;
  return [
    able,
    { type: "ScalingActive", status: "True", reason: "ValidMetricFound", message },
    limitation(wish),
  ];
}

function limitation({ limit }: Wish): Condition {
  const said = limit === "TooManyReplicas" ? "more than the maximum" : "less than the minimum";
  return limit === undefined
    ? {
        type: "ScalingLimited",
        status: "False",
        reason: "DesiredWithinRange",
        message: "the desired count is within the acceptable range",
      }
    : {
        type: "ScalingLimited",
        status: "True",
        reason: limit,
        message: `the desired replica count is ${said} replica count`,
      };
}

/** The load is always as high as it is to be. */
function metricsOf(autoscaler: KubeObject): JsonArray {
  return viewArray(autoscaler, "spec", "metrics")
    .filter(isJsonObject)
    .filter((each) => viewString(each, "type") === "Resource")
    .map((each): JsonObject => {
      const { averageUtilization, averageValue } = viewObject(each, "resource", "target");
      const current = present({ averageUtilization, averageValue: averageValue ?? "100m" });
      return { type: "Resource", resource: { name: viewString(each, "resource", "name") ?? "", current } };
    });
}
