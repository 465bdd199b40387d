import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { describeStore } from "./contract/index.ts";
import { createDirectory } from "./sqlite-fixture.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { RevisionCompacted, type Store } from "./store.ts";

describeStore("SQLite", (options) => openSqliteStore({ ...options, directory: createDirectory() }), 15);

const key = (name: string, namespace = "shop") => ({ resource: "/secrets", namespace, name });
const secret = (name: string, value = ""): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name },
  stringData: { value },
});

const shown = (store: Store): readonly string[] =>
  store.resources().flatMap((resource) => store.list({ resource }).map(({ text }) => text));

describe("a SQLite store", { timeout: 30_000 }, () => {
  it("has after a restart what was written before, in its order", () => {
    const directory = createDirectory();
    const change = fc.record({
      name: fc.constantFrom("a", "b", "c", "\u{1f600}", "\uffee"),
      namespace: fc.constantFrom("", "shop", "shop-2"),
      value: fc.option(fc.string({ unit: "binary" })),
      restart: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        let store = openSqliteStore({ directory });
        for (const { resource, ...rest } of store.list({ resource: "/secrets" }).map((old) => old.key)) {
          store.remove({ resource, ...rest });
        }
        for (const { name, namespace, value, restart } of changes) {
          if (value === null) store.remove(key(name, namespace));
          else store.write(key(name, namespace), secret(name, value));
          if (!restart) continue;
          const before = [store.revision, shown(store)];
          store[Symbol.dispose]();
          store = openSqliteStore({ directory });
          expect([store.revision, shown(store)]).toEqual(before);
        }
        store[Symbol.dispose]();
      }),
      { numRuns: 15 },
    );
  });

  it("goes on counting behind a deletion that was the last write", () => {
    const directory = createDirectory();
    const before = openSqliteStore({ directory });
    before.write(key("a"), secret("a"));
    before.remove(key("a"));
    const { revision } = before;
    before[Symbol.dispose]();
    using after = openSqliteStore({ directory });
    expect([after.revision, after.resources()]).toEqual([revision, []]);
    expect(after.write(key("a"), secret("a")).revision).toBe(revision + 1);
  });

  it("lets clients that had seen everything go on after a restart, and the others list again", () => {
    const directory = createDirectory();
    const before = openSqliteStore({ directory });
    before.write(key("a"), secret("a"));
    before.write(key("a"), secret("a"));
    const { revision } = before;
    before[Symbol.dispose]();
    using after = openSqliteStore({ directory });
    const read = (from: number) =>
      after.openReader({ resource: "/secrets", after: from, onEvents: () => undefined });
    expect(() => read(revision - 1)).toThrow(new RevisionCompacted(revision - 1, revision));
    expect(() => after.list({ resource: "/secrets", revision: revision - 1 })).toThrow(RevisionCompacted);
    expect(after.list({ resource: "/secrets", revision })).toHaveLength(1);
    using reader = read(revision);
    const written = after.write(key("b"), secret("b"));
    expect(reader.next()?.stored).toBe(written);
  });

  it("is readable to its owner only", () => {
    const directory = join(createDirectory(), "new", "cluster");
    using store = openSqliteStore({ directory });
    store.write(key("a"), secret("a"));
    const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    expect(mode(directory)).toBe("700");
    expect(readdirSync(directory).map((name) => `${name} ${mode(join(directory, name))}`)).toEqual([
      "cluster.db 600",
      "cluster.db-wal 600",
      "cluster.lock 600",
    ]);
  });

  it("can be closed twice", () => {
    const store = openSqliteStore({ directory: createDirectory() });
    store[Symbol.dispose]();
    store[Symbol.dispose]();
    expect(() => store.write(key("a"), secret("a"))).toThrow(
      expect.objectContaining({ code: "KUBE_SERVER" }),
    );
    expect(store.read(key("a"))).toBeUndefined();
  });
});
