import type { KubeObject } from "#core/object/index.ts";
import { annotationsOf, jsonEqual, viewNumber, viewObject } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import { claimDependents } from "../base/claim-dependents.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { isDeleting, keyIn, nameOf, uidOf } from "../base/owned.ts";
import { ownersOf } from "../base/owners-of.ts";
import { isFinished } from "../base/pod-view.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import { countsOf, deploymentStatus, isComplete, pausedConditions, progressOf } from "./deployment-status.ts";
import { currentReplicaSet, newReplicaSet, sizeAnnotations } from "./new-replica-set.ts";
import { findNewSet, replicasOf, revisionAnnotation, revisionOf } from "./replica-set-view.ts";
import type { Rollout, Scaling } from "./rollout.ts";
import { allSets, isRecreate, planRollingUpdate } from "./rollout.ts";
import { isScaled, planScale } from "./scale.ts";

const component = "deployment-controller";

/** Rolls Deployments out through their ReplicaSets. */
export class Deployments implements Controller {
  readonly name = component;
  readonly resource = resources.deployments;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;

  constructor(context: WorkContext) {
    this.#context = context;
    this.#calls = systemCalls(context.state, component);
  }

  note(event: StoreEvent): readonly StoreKey[] {
    const { index } = this.#context;
    const owners = ownersOf(this.#context, event, { of: resources.replicaSets, owner: this.resource });
    // No ReplicaSet counts a pod that is ending; a Deployment that recreates waits for its end.
    if (event.type !== "deleted" || event.stored.key.resource !== resources.pods) return owners;
    const set = index.controllerKey(event.stored.object, resources.replicaSets);
    const found = set && readStored(this.#context, set);
    const above = found && index.controllerKey(found, this.resource);
    return above === undefined ? owners : [...owners, above];
  }

  sync(key: StoreKey): number | undefined {
    const deployment = readStored(this.#context, key);
    if (deployment === undefined) return undefined;
    let rollout = this.#observe(deployment);
    const isPaused = viewObject(deployment, "spec")["paused"] === true;
    if (isDeleting(deployment)) return this.#writeStatus(key, rollout, { isCreated: false });
    const isNew = rollout.next === undefined && !isPaused;
    if (isNew) {
      if (!this.#create(key, rollout)) return 0;
      rollout = this.#observe(deployment);
    }
    if (rollout.next !== undefined) this.#adjust(key, rollout, rollout.next);
    this.#scaleAll(rollout, this.#plan(rollout, isPaused));
    const live = readStored(this.#context, key);
    if (live === undefined) return undefined;
    const after = this.#observe(live);
    if (isPaused || isComplete(after, countsOf(after))) this.#forgetOld(after);
    return this.#writeStatus(key, after, { isCreated: isNew });
  }

  #observe(deployment: KubeObject): Rollout {
    const sets = claimDependents(this.#context, this.#calls, {
      owner: deployment,
      resource: resources.replicaSets,
    });
    const next = findNewSet(deployment, sets);
    return { deployment, next, old: sets.filter((set) => set !== next) };
  }

  /** False when there is another object of the name: the next try has another one. */
  #create(key: StoreKey, rollout: Rollout): boolean {
    const { deployment } = rollout;
    const set = newReplicaSet(rollout);
    const setKey = keyIn(resources.replicaSets, set);
    if (readStored(this.#context, setKey) !== undefined) {
      const collisionCount = (viewNumber(deployment, "status", "collisionCount") ?? 0) + 1;
      const status = { ...viewObject(deployment, "status"), collisionCount };
      writeStatus(this.#calls, key, { object: deployment, status });
      return false;
    }
    const created = this.#calls.create(setKey, set);
    if (created !== undefined) this.#tell(deployment, { set: created, from: 0, to: replicasOf(created) });
    return true;
  }

  /** Says on both which revision is the current one. */
  #adjust(key: StoreKey, rollout: Rollout, set: KubeObject): void {
    const { deployment } = rollout;
    const next = currentReplicaSet(rollout, set);
    if (!jsonEqual(next, set)) this.#calls.replace(keyIn(resources.replicaSets, set), next);
    const revision = String(revisionOf(next));
    const annotations = annotationsOf(deployment);
    if (annotations[revisionAnnotation] === revision) return;
    // As the status: an annotation that is written otherwise counts as a change of what is wanted.
    const metadata = {
      ...deployment.metadata,
      annotations: { ...annotations, [revisionAnnotation]: revision },
    };
    this.#calls.replace(key, { ...deployment, metadata }, "status");
  }

  #plan(rollout: Rollout, isPaused: boolean): readonly Scaling[] {
    if (isPaused || isScaled(rollout)) return planScale(rollout);
    return isRecreate(rollout) ? this.#planRecreate(rollout) : planRollingUpdate(rollout);
  }

  /** Nothing of the new before the last pod of the old is gone. */
  #planRecreate({ deployment, next, old }: Rollout): readonly Scaling[] {
    const active = old.filter((set) => replicasOf(set) > 0);
    if (active.length > 0) return active.map((set) => ({ set, replicas: 0 }));
    const { index } = this.#context;
    const runs = old.some((set) => index.controlledBy(set, resources.pods).some((pod) => !isFinished(pod)));
    const wanted = replicasOf(deployment);
    return runs || next === undefined || replicasOf(next) === wanted ? [] : [{ set: next, replicas: wanted }];
  }

  #scaleAll(rollout: Rollout, scalings: readonly Scaling[]): void {
    const isChanged = new Map(scalings.map(({ set, replicas }) => [uidOf(set), replicas]));
    const size = sizeAnnotations(rollout);
    for (const { metadata } of allSets(rollout)) {
      const setKey = {
        resource: resources.replicaSets,
        namespace: metadata.namespace ?? "",
        name: metadata.name ?? "",
      };
      const set = readStored(this.#context, setKey);
      if (set === undefined) continue;
      const from = replicasOf(set);
      const to = isChanged.get(uidOf(set)) ?? from;
      // What is empty keeps saying of which size it was, for when it is wanted again.
      const annotations = to === 0 && from === 0 ? annotationsOf(set) : { ...annotationsOf(set), ...size };
      const scaled = {
        ...set,
        metadata: { ...set.metadata, annotations },
        spec: { ...viewObject(set, "spec"), replicas: to },
      };
      if (jsonEqual(scaled, set)) continue;
      this.#calls.replace(setKey, scaled);
      if (from !== to) this.#tell(rollout.deployment, { set, from, to });
    }
  }

  #tell(
    deployment: KubeObject,
    { set, from, to }: { readonly set: KubeObject; readonly from: number; readonly to: number },
  ): void {
    const direction = to > from ? "up" : "down";
    const message = `Scaled ${direction} replica set ${nameOf(set)} from ${from} to ${to}`;
    if (from === to) return;
    this.#context.events.record({ object: deployment, reason: "ScalingReplicaSet", message, component });
  }

  /** Keeps as many old ReplicaSets as there may be revisions to go back to. */
  #forgetOld({ deployment, old }: Rollout): void {
    const limit = viewNumber(deployment, "spec", "revisionHistoryLimit") ?? 10;
    const alive = old.filter((set) => !isDeleting(set)).toSorted((a, b) => revisionOf(a) - revisionOf(b));
    for (const set of alive.slice(0, Math.max(0, alive.length - limit))) {
      const isEmpty = replicasOf(set) === 0 && (viewNumber(set, "status", "replicas") ?? 0) === 0;
      if (!isEmpty) continue;
      this.#calls.remove(keyIn(resources.replicaSets, set), { propagation: "Background", uid: uidOf(set) });
    }
  }

  #writeStatus(
    key: StoreKey,
    rollout: Rollout,
    { isCreated }: { readonly isCreated: boolean },
  ): number | undefined {
    const { deployment } = rollout;
    const now = this.#context.clock.now();
    const live = pausedConditions(deployment, now);
    const isIdle = viewObject(deployment, "spec")["paused"] === true || isDeleting(deployment);
    const { conditions, againMs } = isIdle
      ? { conditions: live, againMs: undefined }
      : progressOf(rollout, { live, isCreated, now });
    const status = deploymentStatus(rollout, conditions, now);
    writeStatus(this.#calls, key, { object: deployment, status });
    return againMs;
  }
}
