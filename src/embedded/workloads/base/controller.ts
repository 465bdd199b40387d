import type { KubeObject } from "#core/object/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import type { ClusterState } from "../../verbs/cluster-state.ts";
import type { EventRecorder } from "../events/event-recorder.ts";
import type { WorkloadTimings } from "../timings.ts";
import type { ClusterIndex } from "./cluster-index.ts";

/** Looks after the objects of one resource. It is told of keys, never of what happened: it compares and acts. */
export interface Controller {
  /** Unique among the controllers. */
  readonly name: string;
  /** What its keys are of. */
  readonly resource: string;
  /** The keys of its resource that an event of another resource concerns; must not write. */
  note?(event: StoreEvent): readonly StoreKey[];
  /** Does what is to be done about one object now; gives the milliseconds after which it has to be looked at again in any case. */
  sync(key: StoreKey): number | undefined;
}

/** What the controllers of one cluster share. */
export interface WorkContext {
  readonly state: ClusterState;
  readonly clock: Clock;
  readonly timings: WorkloadTimings;
  readonly index: ClusterIndex;
  readonly events: EventRecorder;
}

/** The earlier of two times to look again. */
export function sooner(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/** The object as it is stored; undefined when it is gone. */
export function readStored({ state }: WorkContext, key: StoreKey): KubeObject | undefined {
  return state.store.read(key)?.object;
}
