import { expect, it } from "vitest";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Cluster, Discovery, ResourceType, WatchEvent } from "#ports/cluster.ts";
import { systemClock } from "#runtime/clock.ts";
import { createOwnedObjects } from "./owned-objects.ts";

const pod = (name: string, owner: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "web",
    ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: owner }],
    managedFields: [{ manager: "somebody" }],
  },
});

/** A cluster that serves pods and jobs; its watches say what they are told to. */
function fakeCluster(eventsOf: (kind: string) => AsyncIterable<WatchEvent>) {
  const started: { readonly kind: string; readonly signal: AbortSignal }[] = [];
  const typeOf = (group: string, kind: string): ResourceType | undefined => {
    if (!["Pod", "Job"].includes(kind)) return undefined;
    return { group, version: "v1", kind, plural: kind, namespaced: true, verbs: [], shortNames: [] };
  };
  const cluster: Pick<Cluster, "discover" | "watch"> = {
    discover: async () => ({ types: [], typeOf, failed: new Map() }) satisfies Discovery,
    watch: ({ kind }, { signal }) => {
      started.push({ kind, signal });
      return eventsOf(kind);
    },
  };
  return { cluster: cluster as Cluster, started };
}

const synced: WatchEvent = { type: "synced", resourceVersion: "1" };
const never = (): Promise<never> => new Promise(() => undefined);
const signal = new AbortController().signal;
const start = () => createOwnedObjects({ clock: systemClock, signal });

it("lists and watches a namespace once, whoever looks", async () => {
  const more = Promise.withResolvers<WatchEvent>();
  const { cluster, started } = fakeCluster(async function* events(kind): AsyncGenerator<WatchEvent> {
    if (kind === "Pod") yield { type: "applied", object: pod("a", "set-1") };
    yield synced;
    if (kind === "Pod") yield await more.promise;
    await never();
  });
  const source = start();
  const [owned, again] = await Promise.all([
    source.in(cluster, "web", signal),
    source.in(cluster, "web", signal),
  ]);
  expect(again).toBe(owned);
  expect(started.map(({ kind }) => kind).toSorted()).toEqual(["Job", "Pod"]);
  expect(owned.of("set-1").map(({ metadata }) => metadata.name)).toEqual(["a"]);
  expect(owned.of("set-1")[0]?.metadata).not.toHaveProperty("managedFields");
  expect(owned.of("set-2")).toEqual([]);
  const changed = Promise.withResolvers<undefined>();
  using _listening = owned.onChange(() => changed.resolve(undefined));
  more.resolve({ type: "applied", object: pod("b", "set-2") });
  await changed.promise;
  expect(owned.of("set-2").map(({ metadata }) => metadata.name)).toEqual(["b"]);
  await source.in(cluster, "other", signal);
  expect(started).toHaveLength(4);
});

it("leaves out kinds that may not be listed", async () => {
  const error = new MooringError("KUBE_FORBIDDEN", "jobs.batch: may not be listed; permit it");
  const { cluster } = fakeCluster(async function* events(kind): AsyncGenerator<WatchEvent> {
    if (kind === "Job") yield { type: "disconnected", error };
    else yield* [{ type: "applied", object: pod("a", "set-1") } as const, synced];
    await never();
  });
  const owned = await start().in(cluster, "web", signal);
  expect(owned.of("set-1")).toHaveLength(1);
});

it("says why a namespace could not be listed, ends its watches, and tries anew", async () => {
  const error = new MooringError("KUBE_UNREACHABLE", "https://a: nothing listens there");
  let isUp = false;
  const { cluster, started } = fakeCluster(async function* events(): AsyncGenerator<WatchEvent> {
    yield isUp ? synced : { type: "disconnected", error };
    await never();
  });
  const source = start();
  await expect(source.in(cluster, "web", signal)).rejects.toThrow("nothing listens there");
  expect(started.every((watch) => watch.signal.aborted)).toBe(true);
  isUp = true;
  expect((await source.in(cluster, "web", signal)).of("set-1")).toEqual([]);
});

/** Everything is there at once, and nothing changes. */
const still = (objects: readonly KubeObject[] = []) =>
  fakeCluster(async function* events(kind): AsyncGenerator<WatchEvent> {
    if (kind === "Pod") yield* objects.map((object) => ({ type: "applied", object }) as const);
    yield synced;
    await never();
  });

it("finds what each of 30,000 objects owns without looking at all others for it", async () => {
  const count = 30_000;
  const { cluster } = still(Array.from({ length: count }, (_, i) => pod(`pod-${i}`, `set-${i}`)));
  const owned = await start().in(cluster, "web", signal);
  const beganMs = performance.now();
  const found = Array.from({ length: count }, (_, i) => owned.of(`set-${i}`)[0]?.metadata.name);
  // To look at all of them for each took half a minute.
  expect(performance.now() - beganMs).toBeLessThan(1_000);
  expect(found).toEqual(Array.from({ length: count }, (_, i) => `pod-${i}`));
});

const namespaces = (count: number) => Array.from({ length: count }, (_, i) => `ns-${i}`);

it("shows a 501st namespace, and drops the one that nobody has looked at for longest", async () => {
  const { cluster, started } = still();
  const clock = { ...systemClock, nowMs: 0, now: () => (clock.nowMs += 1) };
  const source = createOwnedObjects({ clock, signal });
  const looked = [];
  for (const namespace of namespaces(500)) looked.push(await source.in(cluster, namespace, signal));
  using _listening = looked[0]?.onChange(() => undefined);
  await source.in(cluster, "ns-1", signal);
  await source.in(cluster, "another", signal);
  const stopped = started.flatMap((watch, i) => (watch.signal.aborted ? [i] : []));
  // Two kinds each: the third namespace is gone, since the first is listened to and the second was looked at anew.
  expect(stopped).toEqual([4, 5]);
  expect(await source.in(cluster, "ns-1", signal)).toBe(looked[1]);
  const news = Promise.withResolvers<undefined>();
  using _late = looked[2]?.onChange(() => news.resolve(undefined));
  await news.promise;
});

it("refuses a namespace only while streams listen to as many as are watched", async () => {
  const { cluster } = still();
  const source = start();
  using streams = new DisposableStack();
  for (const namespace of namespaces(500)) {
    streams.use((await source.in(cluster, namespace, signal)).onChange(() => undefined));
  }
  await expect(source.in(cluster, "another", signal)).rejects.toMatchObject({ code: "API_THROTTLED" });
  streams.dispose();
  expect((await source.in(cluster, "another", signal)).of("set-1")).toEqual([]);
});
