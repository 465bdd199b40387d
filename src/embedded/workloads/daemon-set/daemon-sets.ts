import type { KubeObject } from "#core/object/index.ts";
import { labelsOf, viewArray, viewObject } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import { claimDependents } from "../base/claim-dependents.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { isDeleting, keyIn, nameOf, uidOf } from "../base/owned.ts";
import { ownersOf } from "../base/owners-of.ts";
import { podFromTemplate } from "../base/pod-from-template.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import { daemonTolerations } from "../nodes/fits-node.ts";
import { forgetRevisions, hashOfRevision, keepRevision, revisionLabel } from "../revisions/revisions.ts";
import type { DaemonState } from "./daemon-state.ts";
import { daemonSetStatus, daemonState, planDaemonSet, tiedTo } from "./daemon-state.ts";

const component = "daemonset-controller";

/** Keeps a pod on every node. */
export class DaemonSets implements Controller {
  readonly name = component;
  readonly resource = resources.daemonSets;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;

  constructor(context: WorkContext) {
    this.#context = context;
    this.#calls = systemCalls(context.state, component);
  }

  note(event: StoreEvent): readonly StoreKey[] {
    if (event.stored.key.resource === resources.nodes) {
      return this.#context.state.store.list({ resource: this.resource }).map(({ key }) => key);
    }
    return ownersOf(this.#context, event, { of: resources.pods, owner: this.resource });
  }

  sync(key: StoreKey): number | undefined {
    const set = readStored(this.#context, key);
    if (set === undefined || isDeleting(set)) return undefined;
    const revisions = keepRevision(this.#context, this.#calls, set);
    if (revisions === undefined) return undefined;
    const before = this.#observe(set, revisions.update);
    const { missing, surplus } = planDaemonSet(before);
    for (const pod of surplus) this.#remove(set, pod);
    for (const node of missing) this.#create(before, node);
    const { status, againMs } = daemonSetStatus(this.#observe(set, revisions.update));
    writeStatus(this.#calls, key, { object: set, status });
    const hashes = new Set([...before.pods.values()].flat().map((pod) => labelsOf(pod)[revisionLabel]));
    const inUse = revisions.all.filter(
      (each) => each === revisions.update || hashes.has(hashOfRevision(each)),
    );
    forgetRevisions(this.#context, this.#calls, { owner: set, used: new Set(inUse.map(nameOf)) });
    return againMs;
  }

  #observe(set: KubeObject, update: KubeObject): DaemonState {
    const { state, clock } = this.#context;
    const claim = { owner: set, resource: resources.pods };
    return daemonState(set, {
      nodes: state.store.list({ resource: resources.nodes }).map(({ object }) => object),
      pods: claimDependents(this.#context, this.#calls, claim),
      update,
      now: clock.now(),
    });
  }

  #create({ set, update }: DaemonState, node: string): void {
    const template = viewObject(set, "spec", "template");
    const pod = podFromTemplate({
      owner: set,
      template,
      labels: { [revisionLabel]: hashOfRevision(update) },
      spec: {
        affinity: tiedTo(template, node),
        tolerations: [...viewArray(template, "spec", "tolerations"), ...daemonTolerations],
      },
    });
    const created = this.#calls.create(keyIn(resources.pods, pod), pod);
    if (created !== undefined) this.#tell(set, "SuccessfulCreate", `Created pod: ${nameOf(created)}`);
  }

  #remove(set: KubeObject, pod: KubeObject): void {
    this.#calls.remove(keyIn(resources.pods, pod), { propagation: "Background", uid: uidOf(pod) });
    this.#tell(set, "SuccessfulDelete", `Deleted pod: ${nameOf(pod)}`);
  }

  #tell(set: KubeObject, reason: string, message: string): void {
    this.#context.events.record({ object: set, reason, message, component });
  }
}
