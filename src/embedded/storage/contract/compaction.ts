import { expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { RevisionCompacted } from "../store.ts";
import {
  drain,
  fill,
  ignore,
  pathsOf,
  pod,
  podKey,
  pods,
  secretKey,
  valueOf,
  type OpenStore,
} from "./fixture.ts";

export function describeCompaction(open: OpenStore): void {
  it("refuses lists and readers of a revision before the compacted one, and names the oldest", () => {
    using store = open();
    fill(store, "shop/a", "shop/b");
    const { revision } = store;
    store.compact(revision);
    const expected = new RevisionCompacted(revision - 1, revision);
    expect(() => store.list({ resource: pods, revision: revision - 1 })).toThrow(expected);
    expect(() => store.list({ resource: "/unknown", revision: revision - 1 })).toThrow(expected);
    expect(() => store.openReader({ resource: pods, after: revision - 1, onEvents: ignore })).toThrow(
      expected,
    );
    expect(pathsOf(store.list({ resource: pods, revision }))).toEqual(["shop/a", "shop/b"]);
    using reader = store.openReader({ resource: pods, after: revision, onEvents: ignore });
    expect(reader.next()).toBeUndefined();
  });

  it("fails a reader whose next event is forgotten, and no other", () => {
    using store = open();
    const after = store.revision;
    using late = store.openReader({ resource: pods, after, onEvents: ignore });
    using quiet = store.openReader({ resource: pods, namespace: "bank", after, onEvents: ignore });
    fill(store, "shop/a", "shop/b");
    store.compact(store.revision);
    expect(() => late.next()).toThrow(new RevisionCompacted(after, store.revision));
    expect(() => late.next()).toThrow(RevisionCompacted);
    fill(store, "bank/c");
    expect(drain(quiet)).toEqual([`created c ${store.revision}`]);
  });

  it("never compacts what is still to come", () => {
    using store = open();
    fill(store, "shop/a");
    store.compact(store.revision + 100);
    const { revision } = store;
    fill(store, "shop/b");
    expect(pathsOf(store.list({ resource: pods, revision }))).toEqual(["shop/a"]);
  });
}

export function describeLimits(open: OpenStore): void {
  it("forgets a resource's oldest events when there are too many, and no other resource's", () => {
    using store = open({ maxEvents: 2 });
    const secret = store.write(secretKey, pod("s"));
    fill(store, "shop/a", "shop/b", "shop/c");
    const past = (resource: string, revision: number): readonly string[] =>
      pathsOf(store.list({ resource, revision }));
    expect(past("/secrets", secret.revision - 1)).toEqual([]);
    expect(past(pods, secret.revision + 1)).toEqual(["shop/a"]);
    expect(() => past(pods, secret.revision)).toThrow(
      new RevisionCompacted(secret.revision, secret.revision + 1),
    );
  });

  it("forgets the oldest events when what they replaced takes too much room", () => {
    using store = open({ maxBytes: 5000 });
    const { revision } = store;
    const large: KubeObject = { ...pod("a"), data: "x".repeat(2000) };
    for (let i = 0; i < 3; i += 1) store.write(podKey("a"), large);
    expect(store.list({ resource: pods, revision })).toEqual([]);
    store.write(podKey("a"), large);
    expect(() => store.list({ resource: pods, revision })).toThrow(RevisionCompacted);
    expect(store.list({ resource: pods, revision: revision + 2 })).toHaveLength(1);
  });

  it("still shows events whole that are hundreds of writes old", () => {
    using store = open();
    using reader = store.openReader({ resource: pods, after: store.revision, onEvents: ignore });
    for (let i = 0; i < 400; i += 1) store.write(podKey("a"), pod("a", i));
    store.remove(podKey("a"));
    for (let i = 0; i < 400; i += 1) store.write(podKey("b"), pod("b", i));
    const values: (readonly [string | undefined, string | undefined])[] = [];
    for (let event = reader.next(); event !== undefined; event = reader.next()) {
      values.push([valueOf(event.previous), valueOf(event.stored)]);
    }
    expect(values[0]).toEqual([undefined, "0"]);
    expect(values[399]).toEqual(["398", "399"]);
    expect(values[400]).toEqual(["399", "399"]);
    expect(values[800]).toEqual(["398", "399"]);
  });
}
