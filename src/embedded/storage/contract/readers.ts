import { expect, it } from "vitest";
import { drain, fill, ignore, pod, podKey, pods, secretKey, type OpenStore } from "./fixture.ts";

export function describeReaders(open: OpenStore): void {
  it("reads what happened after a revision, with what was there before", () => {
    using store = open();
    fill(store, "shop/old");
    using reader = store.openReader({ resource: pods, after: store.revision, onEvents: ignore });
    const first = store.write(podKey("a"), pod("a", 1));
    const second = store.write(podKey("a"), pod("a", 2));
    const third = store.remove(podKey("a"));
    expect(reader.next()).toMatchObject({ type: "created", stored: first, previous: undefined });
    expect(reader.next()).toMatchObject({ type: "updated", stored: second, previous: first });
    expect(reader.next()).toMatchObject({ type: "deleted", stored: third, previous: second });
    expect(reader.next()).toBeUndefined();
  });

  it("reads its own resource and namespace only", () => {
    using store = open();
    const after = store.revision;
    using all = store.openReader({ resource: pods, after, onEvents: ignore });
    using shop = store.openReader({ resource: pods, namespace: "shop", after, onEvents: ignore });
    fill(store, "shop/a", "bank/b", "shop/c");
    store.write(secretKey, pod("s"));
    expect(drain(all)).toEqual([
      `created a ${after + 1}`,
      `created b ${after + 2}`,
      `created c ${after + 3}`,
    ]);
    expect(drain(shop)).toEqual([`created a ${after + 1}`, `created c ${after + 3}`]);
  });

  it("reads on in a namespace whose events were all compacted", () => {
    using store = open();
    fill(store, "shop/a");
    using reader = store.openReader({
      resource: pods,
      namespace: "shop",
      after: store.revision,
      onEvents: ignore,
    });
    store.compact(store.revision);
    fill(store, "shop/b");
    expect(drain(reader)).toEqual([`created b ${store.revision}`]);
  });

  it("gives nothing once it is closed", () => {
    using store = open();
    const reader = store.openReader({ resource: pods, after: store.revision, onEvents: ignore });
    fill(store, "shop/a");
    reader[Symbol.dispose]();
    reader[Symbol.dispose]();
    expect(reader.next()).toBeUndefined();
  });
}

export function describeReaderRevisions(open: OpenStore): void {
  it("tells up to which revision all is read, quiet times included", () => {
    using store = open();
    const start = store.revision;
    using reader = store.openReader({ resource: pods, namespace: "shop", after: start, onEvents: ignore });
    fill(store, "bank/x", "bank/y");
    expect(reader.revision).toBe(start + 2);
    fill(store, "shop/a", "shop/b", "bank/z");
    expect(reader.revision).toBe(start + 2);
    reader.next();
    expect(reader.revision).toBe(start + 3);
    reader.next();
    expect(reader.revision).toBe(start + 5);
  });

  it("waits for a revision that is still to come", () => {
    using store = open();
    const { revision } = store;
    using reader = store.openReader({ resource: pods, after: revision + 2, onEvents: ignore });
    fill(store, "shop/a", "shop/b");
    expect([reader.next(), reader.revision]).toEqual([undefined, revision + 2]);
    fill(store, "shop/c");
    expect(drain(reader)).toEqual([`created c ${revision + 3}`]);
  });
}
