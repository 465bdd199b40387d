import fc from "fast-check";
import { expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { type Change, createKnownObjects } from "./known-objects.ts";

const object = (name: string, uid: string, version: number): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "shop", uid, resourceVersion: String(version) },
});

const shown = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ type, object: { metadata } }) => `${type} ${metadata.name ?? ""} ${metadata.uid ?? ""}`);

function relist(known: ReturnType<typeof createKnownObjects>, objects: readonly KubeObject[]) {
  known.startList();
  return [...objects.flatMap((one) => known.applied(one)), ...known.endList()];
}

it("reports after a relist what changed, was created, was recreated and was deleted, and nothing else", () => {
  const known = createKnownObjects();
  relist(known, [object("a", "1", 1), object("b", "2", 2), object("c", "3", 3), object("d", "4", 4)]);
  const changes = relist(known, [
    object("a", "1", 1),
    object("b", "2", 9),
    object("c", "33", 8),
    object("e", "5", 7),
  ]);
  expect(shown(changes)).toEqual([
    "applied b 2",
    "deleted c 3",
    "applied c 33",
    "applied e 5",
    "deleted d 4",
  ]);
  expect(changes.at(-1)?.object).toEqual(object("d", "4", 4));
});

it("forgets a list that was given up half way", () => {
  const known = createKnownObjects();
  relist(known, [object("a", "1", 1), object("b", "2", 2)]);
  known.startList();
  known.applied(object("a", "1", 1));
  expect(shown(relist(known, [object("b", "2", 2)]))).toEqual(["deleted a 1"]);
});

it("keeps a listener equal to the cluster through any history of events, cuts and relists", () => {
  const name = fc.constantFrom("a", "b", "c");
  const step = fc.oneof(
    fc.record({ do: fc.constantFrom("apply", "delete", "recreate"), name, watched: fc.boolean() }),
    fc.record({ do: fc.constant("relist") }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const cluster = new Map<string, KubeObject>();
      const listener = new Map<string, KubeObject>();
      const known = createKnownObjects();
      let version = 0;
      let connected = true;
      const hear = (changes: readonly Change[]): void => {
        for (const change of changes) {
          const key = change.object.metadata.name ?? "";
          const before = listener.get(key)?.metadata;
          // Nothing invented: every report is news.
          if (change.type === "applied") expect(before).not.toEqual(change.object.metadata);
          else expect(before?.uid).toBe(change.object.metadata.uid);
          if (change.type === "applied") listener.set(key, change.object);
          else listener.delete(key);
        }
      };
      const list = (): void => {
        hear(relist(known, [...cluster.values()]));
        connected = true;
      };
      for (const one of steps) {
        version += 1;
        if (!("name" in one)) {
          list();
          continue;
        }
        connected &&= one.watched;
        const live = cluster.get(one.name);
        if (one.do !== "apply" && live !== undefined) {
          cluster.delete(one.name);
          if (connected) hear(known.deleted(live));
        }
        if (one.do !== "delete") {
          const uid = cluster.get(one.name)?.metadata.uid ?? `uid-${version}`;
          const next = object(one.name, uid, version);
          cluster.set(one.name, next);
          if (connected) hear(known.applied(next));
        }
      }
      list();
      expect(listener).toEqual(cluster);
    }),
  );
});
