import { expect, it } from "vitest";
import { fill, pod, podKey, pods, type OpenStore } from "./fixture.ts";

export function describeWrites(open: OpenStore): void {
  it("gives each write the next revision and puts it into the object's metadata", () => {
    using store = open();
    const before = store.revision;
    const given = pod("a", 1);
    const stored = store.write(podKey("a"), given);
    expect(stored.revision).toBe(before + 1);
    expect(store.revision).toBe(before + 1);
    expect(stored.object).toEqual({
      ...given,
      metadata: { ...given.metadata, resourceVersion: String(before + 1) },
    });
    expect(JSON.parse(stored.text)).toEqual(stored.object);
    expect(given).toEqual(pod("a", 1));
  });

  it("has a revision above 0 while it is empty, as 0 means any to clients", () => {
    using store = open();
    expect(store.revision).toBeGreaterThan(0);
  });

  it("reads what was written last under a key, and nothing under others", () => {
    using store = open();
    store.write(podKey("a"), pod("a", 1));
    const last = store.write(podKey("a"), pod("a", 2));
    expect(store.read(podKey("a"))).toBe(last);
    expect(store.read(podKey("a", "bank"))).toBeUndefined();
    expect(store.read(podKey("b"))).toBeUndefined();
    expect(store.read({ ...podKey("a"), resource: "/secrets" })).toBeUndefined();
  });

  it("removes under a revision of its own and shows the object as it was last", () => {
    using store = open();
    const written = store.write(podKey("a"), pod("a", 1));
    const removed = store.remove(podKey("a"));
    expect(removed?.revision).toBe(written.revision + 1);
    expect(removed?.object.metadata).toEqual({
      ...pod("a", 1).metadata,
      resourceVersion: String(written.revision + 1),
    });
    expect(store.read(podKey("a"))).toBeUndefined();
    expect(written.object.metadata.resourceVersion).toBe(String(written.revision));
  });

  it("shows a given object in a removal", () => {
    using store = open();
    store.write(podKey("a"), pod("a", 1));
    expect(store.remove(podKey("a"), pod("a", 7))?.object.metadata.labels).toEqual({ value: "7" });
  });

  it("takes no revision for the removal of nothing", () => {
    using store = open();
    const before = store.revision;
    expect(store.remove(podKey("a"))).toBeUndefined();
    expect(store.revision).toBe(before);
  });

  it("names the resources that have objects", () => {
    using store = open();
    fill(store, "shop/a");
    store.write({ resource: "/namespaces", namespace: "", name: "shop" }, pod("shop"));
    expect([...store.resources()].sort()).toEqual(["/namespaces", pods]);
    store.remove(podKey("a"));
    expect(store.resources()).toEqual(["/namespaces"]);
  });
}
