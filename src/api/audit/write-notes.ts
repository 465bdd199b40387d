import { AsyncLocalStorage } from "node:async_hooks";
import type { KubeObject } from "#core/object/index.ts";
import type { Cluster, ObjectRef } from "#ports/cluster.ts";
import type { Write, WriteObserver } from "./observed-cluster.ts";
import { observeCluster } from "./observed-cluster.ts";

/** Knows which request wrote what, wherever in its work it was written. */
export interface WriteNotes {
  /** Does the work of a request, and gathers what it writes by the clusters below. */
  readonly during: <Result>(work: () => Promise<Result>) => {
    readonly done: Promise<Result>;
    readonly writes: readonly Write[];
  };
  /** `known` tells of objects that the request itself did not read. */
  readonly observe: (cluster: Cluster, known: (ref: ObjectRef) => KubeObject | undefined) => Cluster;
}

interface Notes {
  readonly writes: Write[];
  readonly read: Map<string, KubeObject | undefined>;
  /** What a request has begun, such as a watch, may go on for long after it. */
  isOver: boolean;
}

export function createWriteNotes(): WriteNotes {
  const current = new AsyncLocalStorage<Notes>();
  const observe: WriteNotes["observe"] = (cluster, known) => observeCluster(cluster, noting(current, known));
  return {
    during: (work) => {
      const notes: Notes = { writes: [], read: new Map(), isOver: false };
      const done = current.run(notes, work).finally(() => {
        notes.isOver = true;
        notes.read.clear();
      });
      return { writes: notes.writes, done };
    },
    observe,
  };
}

function noting(
  current: AsyncLocalStorage<Notes>,
  known: (ref: ObjectRef) => KubeObject | undefined,
): WriteObserver {
  const keyOf = (cluster: string, { type, namespace, name }: ObjectRef): string =>
    [cluster, type.group, type.kind, namespace, name].join("\n");
  const open = (): Notes | undefined => {
    const notes = current.getStore();
    return notes?.isOver === true ? undefined : notes;
  };
  return {
    onRead: (cluster, object, ref) => void open()?.read.set(keyOf(cluster, ref), object),
    lastRead: (cluster, ref) => open()?.read.get(keyOf(cluster, ref)) ?? known(ref),
    onWrite: (write) => void open()?.writes.push(write),
  };
}
