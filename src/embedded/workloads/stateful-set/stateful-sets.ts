import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import { claimDependents } from "../base/claim-dependents.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored, sooner } from "../base/controller.ts";
import { isDeleting, keyIn, nameOf, uidOf } from "../base/owned.ts";
import { ownersOf } from "../base/owners-of.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import type { Revisions } from "../revisions/revisions.ts";
import { forgetRevisions, keepRevision, templateOf } from "../revisions/revisions.ts";
import type { StatefulAction } from "./plan-stateful-set.ts";
import { planStatefulSet } from "./plan-stateful-set.ts";
import { claimsFor, statefulPod } from "./stateful-pod.ts";
import { statefulSetStatus } from "./stateful-set-status.ts";
import type { StatefulState } from "./stateful-set-view.ts";
import { ordinalOf, revisionNameOf } from "./stateful-set-view.ts";

const component = "statefulset-controller";

/** Keeps pods with names and volumes of their own, in their order. */
export class StatefulSets implements Controller {
  readonly name = component;
  readonly resource = resources.statefulSets;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;

  constructor(context: WorkContext) {
    this.#context = context;
    this.#calls = systemCalls(context.state, component);
  }

  note(event: StoreEvent): readonly StoreKey[] {
    return ownersOf(this.#context, event, { of: resources.pods, owner: this.resource });
  }

  sync(key: StoreKey): number | undefined {
    const set = readStored(this.#context, key);
    if (set === undefined || isDeleting(set)) return undefined;
    const revisions = keepRevision(this.#context, this.#calls, set);
    if (revisions === undefined) return undefined;
    const actions = planStatefulSet(this.#observe(set, revisions));
    const isDone = actions.map((action) => this.#act(set, action, revisions)).every(Boolean);
    const after = this.#observe(set, revisions);
    const { status, againMs } = statefulSetStatus(after);
    writeStatus(this.#calls, key, { object: set, status });
    const used = new Set([after.update, after.current, ...[...after.pods.values()].map(revisionNameOf)]);
    forgetRevisions(this.#context, this.#calls, { owner: set, used });
    // A pod of another owner may have the name; nothing tells when that is gone.
    return isDone ? againMs : sooner(againMs, this.#context.timings.retryMs * 10);
  }

  #observe(set: KubeObject, { update }: Revisions): StatefulState {
    const claim = { owner: set, resource: resources.pods };
    const pods = claimDependents(this.#context, this.#calls, claim).flatMap((pod) => {
      const ordinal = ordinalOf(set, pod);
      return ordinal === undefined ? [] : [[ordinal, pod] as const];
    });
    return {
      set,
      pods: new Map(pods.toSorted(([a], [b]) => a - b)),
      current: viewString(set, "status", "currentRevision") ?? nameOf(update),
      update: nameOf(update),
      now: this.#context.clock.now(),
    };
  }

  /** False when the API does not take it now. */
  #act(set: KubeObject, action: StatefulAction, revisions: Revisions): boolean {
    if (action.kind === "delete") {
      const { pod } = action;
      this.#calls.remove(keyIn(resources.pods, pod), { propagation: "Background", uid: uidOf(pod) });
      const message = `delete Pod ${nameOf(pod)} in StatefulSet ${nameOf(set)} successful`;
      this.#tell(set, "SuccessfulDelete", message);
      return true;
    }
    const revision = revisions.all.find((each) => nameOf(each) === action.revision) ?? revisions.update;
    this.#ensureClaims(set, action.ordinal);
    const pod = statefulPod({
      set,
      ordinal: action.ordinal,
      template: templateOf(revision),
      revision: nameOf(revision),
    });
    if (this.#calls.create(keyIn(resources.pods, pod), pod) === undefined) return false;
    const message = `create Pod ${nameOf(pod)} in StatefulSet ${nameOf(set)} successful`;
    this.#tell(set, "SuccessfulCreate", message);
    return true;
  }

  #ensureClaims(set: KubeObject, ordinal: number): void {
    for (const { claim } of claimsFor(set, ordinal)) {
      const key = keyIn(resources.claims, claim);
      if (readStored(this.#context, key) !== undefined) continue;
      if (this.#calls.create(key, claim) === undefined) continue;
      const message = `create Claim ${nameOf(claim)} Pod ${nameOf(set)}-${ordinal} in StatefulSet ${nameOf(set)} success`;
      this.#tell(set, "SuccessfulCreate", message);
    }
  }

  #tell(set: KubeObject, reason: string, message: string): void {
    this.#context.events.record({ object: set, reason, message, component });
  }
}
