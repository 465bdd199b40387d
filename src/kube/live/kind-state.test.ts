import fc from "fast-check";
import { expect, it } from "vitest";
import { type KubeObject, objectKey } from "#core/object/index.ts";
import type { LiveChange } from "#ports/live-store.ts";
import { createClaims } from "./claims.ts";
import { createCopies } from "./copies.ts";
import { KindState } from "./kind-state.ts";

const key = (name: string) => objectKey({ group: "", kind: "ConfigMap", namespace: "shop", name });

const object = (name: string, version: number, metadata = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "shop", uid: `uid-${name}`, resourceVersion: String(version), ...metadata },
});

function start(...claimed: readonly string[]) {
  const [claims, copies] = [createClaims(), createCopies()];
  claims.set("shop", new Set(claimed.map(key)));
  const changes: LiveChange[] = [];
  const ownersOf = ({ metadata }: KubeObject) => Object.keys(metadata.annotations ?? {});
  const state = new KindState(
    { group: "", kind: "ConfigMap" },
    { claims, copies, ownersOf, emit: (change) => changes.push(change), watchersOf: () => [] },
  );
  const take = state.startScope(undefined);
  const list = (version: number, ...objects: readonly KubeObject[]): void => {
    take({ type: "page", first: true, objects, resourceVersion: String(version) });
    take({ type: "listed", resourceVersion: String(version) });
  };
  const event = (one: KubeObject, deleted = false): void =>
    take({ type: "changes", changes: [{ deleted, object: one }] });
  const version = (name: string) => copies.get(key(name))?.metadata.resourceVersion;
  return { claims, copies, changes, state, take, list, event, version };
}

it("keeps an index entry only of what nobody needs", () => {
  const { copies, state, list, changes } = start("claimed");
  const tracked = object("tracked", 2, { annotations: { bank: "" } });
  list(5, object("claimed", 1), tracked, object("other", 3));
  expect([copies.count, state.size, state.versionOf("shop", "other")]).toEqual([2, 3, 3]);
  expect(copies.trackedBy("bank")).toEqual([key("tracked")]);
  expect(changes).toEqual([
    { key: key("claimed"), deleted: false, owners: ["shop"] },
    { key: key("tracked"), deleted: false, owners: ["bank"] },
  ]);
});

it("tells the old and the new owner of an object whose tracking id changed", () => {
  const { list, event, changes, copies } = start();
  list(1);
  event(object("a", 2, { annotations: { bank: "" } }));
  event(object("a", 3, { annotations: { park: "" } }));
  event(object("a", 4));
  expect(changes.map((change) => change.owners)).toEqual([["bank"], ["bank", "park"], ["park"]]);
  expect([copies.count, copies.bytes, copies.trackedBy("bank")]).toEqual([0, 0, []]);
});

it("keeps our own newer write when older events and lists arrive after it", () => {
  const { list, event, state, version, changes } = start("a", "b");
  list(5, object("a", 1));
  state.observe(object("a", 9));
  state.observe(object("b", 8));
  event(object("a", 7));
  list(7, object("a", 7));
  expect([version("a"), version("b")]).toEqual(["9", "8"]);
  event(object("b", 8));
  expect(changes.map((change) => change.key)).toEqual([key("a"), key("a"), key("b")]);
});

it("does not bring back an object that was deleted before our own answer came", () => {
  const { list, event, state, version } = start("a");
  list(5);
  event(object("a", 6));
  event(object("a", 8), true);
  state.observe(object("a", 7));
  expect(version("a")).toBeUndefined();
});

it("keeps the successor of a deleted object", () => {
  const { list, event, state, version } = start("a");
  list(5, object("a", 1));
  state.observe(object("a", 9, { uid: "successor" }));
  event(object("a", 8), true);
  expect(version("a")).toBe("9");
});

it("believes a cluster that was restored to an earlier state", () => {
  const { list, version } = start("a", "b");
  list(50, object("a", 40), object("b", 41));
  list(20, object("a", 12));
  expect([version("a"), version("b")]).toEqual(["12", undefined]);
});

it("ends equal to the cluster whatever the order of our own answers and the watch", () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b"),
    deleted: fc.boolean(),
    /** How many later events pass before our answer to this write arrives; none when it was not ours. */
    delay: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
    early: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.nat({ max: 30 }), (steps, relistAt) => {
      const { list, event, state, version } = start("a", "b");
      const cluster = new Map<string, KubeObject>();
      const late: { at: number; object: KubeObject }[] = [];
      list(1);
      steps.forEach((one, index) => {
        const resource = 10 + index;
        const live = cluster.get(one.name);
        const next = object(one.name, resource, { uid: live?.metadata.uid ?? `uid-${index}` });
        if (one.deleted && live !== undefined) {
          cluster.delete(one.name);
          event(next, true);
        } else {
          cluster.set(one.name, next);
          if (one.delay !== undefined && one.early) state.observe(next);
          else if (one.delay !== undefined) late.push({ at: index + one.delay, object: next });
          event(next);
        }
        for (const answer of late.filter((answer) => answer.at === index)) state.observe(answer.object);
        if (index === relistAt) list(resource, ...cluster.values());
      });
      for (const name of ["a", "b"]) {
        expect(version(name)).toBe(cluster.get(name)?.metadata.resourceVersion);
      }
    }),
  );
});
