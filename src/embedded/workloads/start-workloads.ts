import type { Clock } from "#runtime/clock.ts";
import { systemCalls } from "../collect/system-calls.ts";
import type { StoreEvent } from "../storage/store.ts";
import type { ClusterState } from "../verbs/cluster-state.ts";
import { ClusterIndex } from "./base/cluster-index.ts";
import type { Controller, WorkContext } from "./base/controller.ts";
import { WorkLoop } from "./base/work-loop.ts";
import { createControllers } from "./controllers.ts";
import type { EventLimits } from "./events/event-recorder.ts";
import { defaultEventLimits, EventRecorder } from "./events/event-recorder.ts";
import { ensureNodes } from "./nodes/simulated-nodes.ts";
import type { WorkloadTimings } from "./timings.ts";
import { defaultTimings } from "./timings.ts";

export interface WorkloadOptions {
  /** The one of the cluster's state. */
  readonly clock: Clock;
  /** Told of what no controller expects; the object is looked at again after a pause. */
  readonly onFailure: (error: unknown) => void;
  readonly timings?: Partial<WorkloadTimings>;
  /** How many nodes there are at least. */
  readonly nodes?: number;
  readonly eventLimits?: Partial<EventLimits>;
}

export interface Workloads extends Disposable {
  /** Takes note of a write to the cluster's store, when it has happened. */
  note(event: StoreEvent): void;
}

const defaultNodes = 2;

/** Runs simulated workloads: what is there is looked at first, then what changes. */
export function startWorkloads(state: ClusterState, options: WorkloadOptions): Workloads {
  const { clock, onFailure } = options;
  const timings = { ...defaultTimings, ...options.timings };
  const index = new ClusterIndex(state.store);
  const events = new EventRecorder(state, {
    clock,
    limits: { ...defaultEventLimits, ...options.eventLimits },
  });
  const context: WorkContext = { state, clock, timings, index, events };
  const controllers = createControllers(context);
  const loop = new WorkLoop({ clock, retryMs: timings.retryMs, onFailure });
  // Nodes are made when the caller can tell of their events already.
  const nodes = clock.after(0, () => {
    try {
      const count = options.nodes ?? defaultNodes;
      ensureNodes(systemCalls(state, "node-controller", "kubelet"), count, clock.now());
    } catch (error) {
      onFailure(error);
    }
  });
  lookAtAll(state, controllers, loop);
  return {
    note: (event) => {
      index.note(event);
      for (const controller of controllers) noteIn(controller, event, loop);
    },
    [Symbol.dispose]: () => {
      nodes[Symbol.dispose]();
      loop[Symbol.dispose]();
      events[Symbol.dispose]();
    },
  };
}

function noteIn(controller: Controller, event: StoreEvent, loop: WorkLoop): void {
  if (event.stored.key.resource === controller.resource) loop.add(controller, event.stored.key);
  for (const key of controller.note?.(event) ?? []) loop.add(controller, key);
}

function lookAtAll({ store }: ClusterState, controllers: readonly Controller[], loop: WorkLoop): void {
  for (const controller of controllers) {
    for (const { key } of store.list({ resource: controller.resource })) loop.add(controller, key);
  }
}
