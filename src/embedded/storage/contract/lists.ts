import { expect, it } from "vitest";
import type { StoredObject } from "../store.ts";
import { fill, pathsOf, pod, podKey, pods, valueOf, type OpenStore } from "./fixture.ts";

const valuesOf = (objects: readonly StoredObject[]): readonly string[] =>
  objects.map((stored) => `${stored.key.name}=${valueOf(stored)}`);

export function describeLists(open: OpenStore): void {
  it("lists by namespace and then name, however they were written", () => {
    using store = open();
    fill(store, "b/x", "a-b/y", "a/z", "a/b", "b/a");
    expect(pathsOf(store.list({ resource: pods }))).toEqual(["a/b", "a/z", "a-b/y", "b/a", "b/x"]);
  });

  it("lists one namespace and not those whose names begin alike", () => {
    using store = open();
    fill(store, "shop/b", "shop-2/c", "sho/d", "shop/a");
    expect(pathsOf(store.list({ resource: pods, namespace: "shop" }))).toEqual(["shop/a", "shop/b"]);
    expect(pathsOf(store.list({ resource: pods, namespace: "none" }))).toEqual([]);
  });

  it("lists cluster-scoped objects as those of the empty namespace", () => {
    using store = open();
    fill(store, "/b", "/a");
    expect(pathsOf(store.list({ resource: pods, namespace: "" }))).toEqual(["/a", "/b"]);
  });

  it("goes on behind a key that need not exist", () => {
    using store = open();
    fill(store, "a/a", "a/c", "b/a");
    const behind = (namespace: string, name: string): readonly string[] =>
      pathsOf(store.list({ resource: pods, after: { namespace, name } }));
    expect(behind("a", "a")).toEqual(["a/c", "b/a"]);
    expect(behind("a", "b")).toEqual(["a/c", "b/a"]);
    expect(behind("a", "c")).toEqual(["b/a"]);
    expect(behind("b", "a")).toEqual([]);
    expect(pathsOf(store.list({ resource: pods, namespace: "a", after: podKey("a", "a") }))).toEqual(["a/c"]);
  });

  it("keeps a list as it is while the store changes", () => {
    using store = open();
    fill(store, "a/a", "a/b");
    const list = store.list({ resource: pods });
    store.remove(podKey("a", "a"));
    fill(store, "a/0");
    expect(pathsOf(list)).toEqual(["a/a", "a/b"]);
  });

  it("keeps thousands of objects in order through writes and removals", () => {
    using store = open();
    const named = (name: string): number => Number(name.slice(1));
    const names = Array.from({ length: 3000 }, (_, i) => `p${1000 + ((i * 1789) % 3000)}`);
    const expectLeft = (isLeft: (number: number) => boolean): void => {
      const left = names.filter((name) => isLeft(named(name))).sort();
      expect(store.list({ resource: pods }).map(({ key }) => key.name)).toEqual(left);
    };
    for (const name of names) store.write(podKey(name), pod(name));
    for (const name of names) if (named(name) % 3 !== 0) store.remove(podKey(name));
    expectLeft((number) => number % 3 === 0);
    for (const name of names) if (named(name) >= 2000) store.remove(podKey(name));
    expectLeft((number) => number % 3 === 0 && number < 2000);
    for (const name of names) store.write(podKey(name), pod(name));
    expectLeft(() => true);
  });
}

export function describePastLists(open: OpenStore): void {
  it("lists what was there at an older revision", () => {
    using store = open();
    store.write(podKey("kept"), pod("kept", 1));
    store.write(podKey("changed"), pod("changed", 1));
    const { revision } = store.write(podKey("gone"), pod("gone", 1));
    store.write(podKey("changed"), pod("changed", 2));
    store.write(podKey("changed"), pod("changed", 3));
    store.remove(podKey("gone"));
    store.write(podKey("gone"), pod("gone", 2));
    store.write(podKey("new"), pod("new", 1));
    const past = store.list({ resource: pods, revision });
    expect(valuesOf(past)).toEqual(["changed=1", "gone=1", "kept=1"]);
    expect(valuesOf(store.list({ resource: pods }))).toEqual(["changed=3", "gone=2", "kept=1", "new=1"]);
  });

  it("pages through one state while others write", () => {
    using store = open();
    const names = Array.from({ length: 20 }, (_, i) => `p${String(i).padStart(2, "0")}`);
    for (const name of names) store.write(podKey(name), pod(name, 1));
    const { revision } = store;
    const seen: string[] = [];
    for (let page = store.list({ resource: pods, revision }).slice(0, 3); page.length > 0;) {
      seen.push(...valuesOf(page));
      store.remove(podKey(names[(seen.length * 7) % 20] ?? ""));
      store.write(podKey(`p${seen.length}-new`), pod("new"));
      store.write(podKey(names[(seen.length * 3) % 20] ?? ""), pod("changed", 2));
      const after = page.at(-1)?.key ?? podKey("");
      page = store.list({ resource: pods, revision, after }).slice(0, 3);
    }
    expect(seen).toEqual(names.map((name) => `${name}=1`));
  });
}
