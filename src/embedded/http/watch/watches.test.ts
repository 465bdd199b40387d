import { expect, it, onTestFinished } from "vitest";
import { startTestServer, type TestServer } from "../testing.ts";

const configMaps = "/api/v1/namespaces/default/configmaps";

interface Event {
  readonly type: string;
  readonly object: {
    readonly kind: string;
    readonly code?: number;
    readonly columnDefinitions?: readonly unknown[] | null;
    readonly rows?: readonly { readonly cells: readonly unknown[] }[];
    readonly metadata: { readonly name?: string; readonly annotations?: object };
  };
}

/** Events of a watch as they come; undefined at its end. */
async function watch(server: TestServer, query: string, accept = "application/json") {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const path = `${configMaps}?watch=1&${query}`;
  const response = await server.fetch(path, { signal: abort.signal, headers: { accept } });
  expect(response.status).toBe(200);
  const reader = (response.body ?? new ReadableStream()).getReader();
  let text = "";
  return {
    abort: () => abort.abort(),
    next: async (): Promise<Event | undefined> => {
      while (!text.includes("\n")) {
        const { done, value } = await reader.read();
        if (done) return undefined;
        text += Buffer.from(value as Uint8Array).toString("utf8");
      }
      const [line = "", ...rest] = text.split("\n");
      text = rest.join("\n");
      return JSON.parse(line) as Event;
    },
  };
}

const create = (server: TestServer, name: string) => server.create(configMaps, { metadata: { name } });

it("tells of what is there and of what changes", async () => {
  await using server = await startTestServer();
  await create(server, "a");
  const events = await watch(server, "");
  expect(await events.next()).toMatchObject({ type: "ADDED", object: { metadata: { name: "a" } } });
  await create(server, "b");
  expect(await events.next()).toMatchObject({ type: "ADDED", object: { metadata: { name: "b" } } });
  await server.fetch(`${configMaps}/a`, { method: "DELETE" });
  expect(await events.next()).toMatchObject({ type: "DELETED", object: { metadata: { name: "a" } } });
});

it("says when the state is complete to those who ask for it", async () => {
  await using server = await startTestServer();
  await create(server, "a");
  const query = "sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan";
  const events = await watch(server, query);
  expect(await events.next()).toMatchObject({ type: "ADDED" });
  expect(await events.next()).toEqual({
    type: "BOOKMARK",
    object: {
      kind: "ConfigMap",
      apiVersion: "v1",
      metadata: { resourceVersion: "3", annotations: { "k8s.io/initial-events-end": "true" } },
    },
  });
});

it("says now and then how far it has come, and once more before its end", async () => {
  await using server = await startTestServer({ limits: { bookmarkIntervalMs: 20 } });
  const events = await watch(server, "allowWatchBookmarks=true&resourceVersion=2&timeoutSeconds=1");
  let bookmarks = 0;
  for (let event = await events.next(); event !== undefined; event = await events.next()) {
    expect(event).toMatchObject({ type: "BOOKMARK", object: { metadata: { resourceVersion: "2" } } });
    bookmarks += 1;
  }
  expect(bookmarks).toBeGreaterThan(5);
});

it("gives each event as a table, with the columns in the first", async () => {
  await using server = await startTestServer();
  await create(server, "a");
  await create(server, "b");
  const events = await watch(server, "", "application/json;as=Table;v=v1;g=meta.k8s.io");
  const [first, second] = [await events.next(), await events.next()];
  expect(first?.object.columnDefinitions).toHaveLength(3);
  expect(first?.object.rows?.[0]?.cells[0]).toBe("a");
  expect(second?.object.columnDefinitions).toBeNull();
  expect(second?.object.rows?.[0]?.cells[0]).toBe("b");
});

it("gives metadata alone", async () => {
  await using server = await startTestServer();
  await create(server, "a");
  const events = await watch(server, "", "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io");
  expect(await events.next()).toMatchObject({ type: "ADDED", object: { kind: "PartialObjectMetadata" } });
});

it("sends a client away that asks for what is forgotten", async () => {
  await using server = await startTestServer();
  await create(server, "a");
  server.store.compact(server.store.revision);
  const events = await watch(server, "resourceVersion=1");
  expect(await events.next()).toMatchObject({ type: "ERROR", object: { kind: "Status", code: 410 } });
  expect(await events.next()).toBeUndefined();
});

it("refuses a watch that makes no sense before it begins", async () => {
  await using server = await startTestServer();
  const response = await server.fetch(`${configMaps}?watch=1&resourceVersion=x`);
  expect(response.status).toBe(400);
});

it("keeps nothing for a client that does not read, and tells it that it is too late", async () => {
  await using server = await startTestServer();
  const events = await watch(server, "resourceVersion=2");
  const data = { a: "x".repeat(900_000) };
  for (let at = 0; at < 30; at += 1) await server.create(configMaps, { metadata: { name: `a-${at}` }, data });
  server.store.compact(server.store.revision);
  let [last, count] = [await events.next(), 0];
  while (last?.type === "ADDED") {
    last = await events.next();
    count += 1;
  }
  expect(last).toMatchObject({ type: "ERROR", object: { code: 410 } });
  expect(count).toBeLessThan(30);
});

it("ends watches at once when the server ends", async () => {
  const server = await startTestServer({ limits: { shutdownGraceMs: 10_000 } });
  const events = await watch(server, "resourceVersion=2");
  const started = Date.now();
  const ended = server[Symbol.asyncDispose]();
  expect(await events.next()).toBeUndefined();
  events.abort();
  await ended;
  expect(Date.now() - started).toBeLessThan(5_000);
});

it("limits how many there are", async () => {
  await using server = await startTestServer({ limits: { maxLongRunning: 1 } });
  const first = await watch(server, "resourceVersion=2");
  expect((await server.fetch(`${configMaps}?watch=1`)).status).toBe(429);
  first.abort();
  await expect
    .poll(async () => {
      const response = await server.fetch(`${configMaps}?watch=1&timeoutSeconds=1`);
      await response.body?.cancel();
      return response.status;
    })
    .toBe(200);
});
