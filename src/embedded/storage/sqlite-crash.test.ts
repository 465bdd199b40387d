import { statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { MooringError } from "#core/errors/index.ts";
import { firstRevision } from "./memory-store.ts";
import { createDirectory, StoreProcess } from "./sqlite-fixture.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { RevisionCompacted, type Store } from "./store.ts";

/** The change that leads to a revision: the writer makes it, the test knows by it what must be there. */
const changeOf = (revision: number) => ({
  key: { resource: "/pods", namespace: `ns-${revision % 3}`, name: `p${(revision * 7) % 20}` },
  removes: revision % 5 === 0,
  object: { apiVersion: "v1", kind: "Pod", metadata: {}, text: "x".repeat((revision * 97) % 9000) },
});

/** Defines `change`, which makes the next change and says so. */
const change = `
  const changeOf = ${changeOf.toString()};
  const change = () => {
    const { key, removes, object } = changeOf(store.revision + 1);
    if (!removes || store.remove(key) === undefined) store.write(key, object);
    print(store.revision);
  };`;
/** Processes start slowly on a busy machine. */
const spawning = { timeout: 60_000 };
const stay = "setInterval(() => undefined, 1000);";
const firstChange = firstRevision + 1;

function expectedAt(last: number): Map<string, number> {
  const expected = new Map<string, number>();
  for (let revision = firstChange; revision <= last; revision += 1) {
    const { key, removes } = changeOf(revision);
    const path = `${key.namespace}/${key.name}`;
    if (!removes || !expected.delete(path)) expected.set(path, revision);
  }
  return expected;
}

const objectsOf = (store: Store): Map<string, number> =>
  new Map(
    store.list({ resource: "/pods" }).map(({ key, revision }) => [`${key.namespace}/${key.name}`, revision]),
  );

const historiesUpTo = (revisions: readonly number[]): readonly Map<string, number>[] =>
  revisions.map((last) => expectedAt(last));

it("keeps every acknowledged write when it is killed at any moment", spawning, async () => {
  for (let run = 0; run < 3; run += 1) {
    const directory = createDirectory();
    const child = new StoreProcess(directory, `${change} for (;;) change();`);
    await child.printed(1 + Math.floor(Math.random() * 400));
    await child.kill();
    const acknowledged = Number(child.lines.at(-1));
    using store = openSqliteStore({ directory });
    expect(historiesUpTo([acknowledged, acknowledged + 1])).toContainEqual(objectsOf(store));
  }
});

it("gives out no revision again when a power failure took the last writes away", spawning, async () => {
  const directory = createDirectory();
  const child = new StoreProcess(directory, `${change} for (let i = 0; i < 60; i += 1) change(); ${stay}`);
  await child.printed(60);
  await child.kill();
  const acknowledged = child.lines.map(Number);
  const log = join(directory, "cluster.db-wal");
  truncateSync(log, Math.floor(statSync(log).size / 2));
  using store = openSqliteStore({ directory });
  expect(historiesUpTo(acknowledged)).toContainEqual(objectsOf(store));
  expect(objectsOf(store)).not.toEqual(expectedAt(acknowledged.at(-1) ?? 0));
  expect(store.revision).toBeGreaterThan(acknowledged.at(-1) ?? 0);
  const watch = () =>
    store.openReader({ resource: "/pods", after: acknowledged.at(-1) ?? 0, onEvents: () => undefined });
  expect(watch).toThrow(RevisionCompacted);
});

it("counts on from a deletion as from a write when it is killed", spawning, async () => {
  const key = `{ resource: "/pods", namespace: "", name: "a" }`;
  const write = `store.write(${key}, { apiVersion: "v1", kind: "Pod", metadata: {} });`;
  const skipped = [`${write} ${write}`, `${write} store.remove(${key});`].map(async (body) => {
    const directory = createDirectory();
    const child = new StoreProcess(directory, `${body} print(store.revision); ${stay}`);
    await child.printed(1);
    await child.kill();
    using store = openSqliteStore({ directory });
    return store.revision - Number(child.lines[0]);
  });
  const [afterWrite, afterDeletion] = await Promise.all(skipped);
  expect(afterDeletion).toBe(afterWrite);
});

it("refuses a directory that another process uses, until that ends, however it ends", spawning, async () => {
  const directory = createDirectory();
  const child = new StoreProcess(directory, `${change} change(); ${stay}`);
  await child.printed(1);
  const message = `directory ${directory}: another process keeps its cluster there; end it, or name another`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect(() => openSqliteStore({ directory })).toThrow(new MooringError("CONFIG_INVALID", message));
  }
  await child.kill();
  using store = openSqliteStore({ directory });
  expect(objectsOf(store)).toEqual(expectedAt(firstChange));
  expect(() => openSqliteStore({ directory })).toThrow(message);
});

it("lets one of many processes that start at once have a directory", spawning, async () => {
  const directory = createDirectory();
  const children = Array.from(
    { length: 3 },
    () => new StoreProcess(directory, `${change} change(); ${stay}`),
  );
  await Promise.all(children.map(async (child) => await child.printed(1)));
  const message = `refused: directory ${directory}: another process keeps its cluster there`;
  const refused = children.filter((child) => child.lines[0]?.startsWith(message));
  const open = children.filter((child) => child.lines[0] === String(firstChange));
  expect([refused.length, open.length]).toEqual([2, 1]);
});

/** Writes more and more until nothing can be written any more, and says what there was before and after the last failures. */
const fillDisk = `
  const reader = store.openReader({ resource: "/pods", after: store.revision, onEvents: () => undefined });
  const look = () => [store.revision, store.list({ resource: "/pods" }).map(({ key, revision }) => [key.name, revision])];
  const attempt = (work) => { try { work(); } catch (error) { return error.code + " " + error.message; } };
  const writeUntilItFails = (name, text) => {
    const key = { resource: "/pods", namespace: "", name };
    for (;;) {
      const failure = attempt(() => store.write(key, { apiVersion: "v1", kind: "Pod", metadata: {}, text }));
      if (failure !== undefined) return failure;
    }
  };
  const failures = [writeUntilItFails("large", "x".repeat(50_000)), writeUntilItFails("small", "")];
  while (reader.next());
  const before = look();
  failures.push(attempt(() => store.write({ resource: "/pods", namespace: "", name: "new" }, { metadata: {} })));
  failures.push(attempt(() => store.remove({ resource: "/pods", namespace: "", name: "large" })));
  print(JSON.stringify({ failures, before, after: look(), events: reader.next() === undefined ? 0 : 1 }));`;

it("leaves everything as it was when the disk is full", spawning, async () => {
  const directory = createDirectory();
  // A limit on the size of files fails a write as a full disk does.
  const child = new StoreProcess(directory, fillDisk, 'ulimit -f 400; exec "$@"');
  await child.ended();
  const { failures, before, after, events } = JSON.parse(child.lines[0] ?? "{}");
  const refused = `KUBE_SERVER file ${join(directory, "cluster.db")}: cannot be written: `;
  expect(failures).toEqual(Array(4).fill(expect.stringContaining(refused)));
  expect({ after, events }).toEqual({ after: before, events: 0 });
  using store = openSqliteStore({ directory });
  const kept = store.list({ resource: "/pods" }).map(({ key, revision }) => [key.name, revision]);
  expect(kept).toEqual(before[1]);
});
