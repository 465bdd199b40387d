import { expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { createOwnedIndex } from "./owned-index.ts";

const pod = (name: string, ...owners: readonly string[]): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    ownerReferences: owners.map((uid) => ({ apiVersion: "apps/v1", kind: "ReplicaSet", name: uid, uid })),
  },
});

it("follows an object that comes, changes hands, is let go and ends", () => {
  const index = createOwnedIndex();
  const namesOf = (uid: string) => index.of(uid).map(({ metadata }) => metadata.name);
  index.set(pod("a", "one", "two"));
  index.set(pod("b", "one"));
  expect([namesOf("one"), namesOf("two")]).toEqual([["a", "b"], ["a"]]);
  index.set(pod("a", "two", "three"));
  expect([namesOf("one"), namesOf("two"), namesOf("three")]).toEqual([["b"], ["a"], ["a"]]);
  index.set(pod("a"));
  expect([namesOf("two"), namesOf("three")]).toEqual([[], []]);
  index.set(pod("a", "one"));
  // Whoever deletes it may have taken its owners off first.
  index.delete(pod("a"));
  expect(namesOf("one")).toEqual(["b"]);
});

it("gives an object as it is now", () => {
  const index = createOwnedIndex();
  index.set(pod("a", "one"));
  const now = { ...pod("a", "one"), spec: { nodeName: "n" } };
  index.set(now);
  expect(index.of("one")).toEqual([now]);
});
