import { gunzipSync } from "node:zlib";
import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { expect, it } from "vitest";
import { viewArray } from "#core/object/index.ts";
import { startTestServer, type TestServer } from "./testing.ts";

const configMaps = "/api/v1/namespaces/default/configmaps";
const table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

async function fill(server: TestServer, count: number, size: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    await server.create(configMaps, { metadata: { name: `a-${at}` }, data: { a: "x".repeat(size) } });
  }
}

it("gives lists as they are kept, in pages", async () => {
  await using server = await startTestServer();
  await fill(server, 3, 1);
  const all = await server.json(configMaps);
  expect(all).toMatchObject({ kind: "ConfigMapList", apiVersion: "v1", metadata: { resourceVersion: "5" } });
  expect(viewArray(all, "items")).toHaveLength(3);
  const page = await server.json(`${configMaps}?limit=2`);
  expect(page).toMatchObject({ metadata: { remainingItemCount: 1 }, items: [{}, {}] });
  const token = (page["metadata"] as { continue: string }).continue;
  const rest = await server.json(`${configMaps}?limit=2&continue=${encodeURIComponent(token)}`);
  expect(viewArray(rest, "items")).toHaveLength(1);
  const pretty = await (await server.fetch(`${configMaps}?pretty=true`)).text();
  expect(pretty).toBe(`${JSON.stringify(all, undefined, 2)}\n`);
  expect(await (await server.fetch("/api/v1/secrets?pretty=1")).json()).toMatchObject({ items: [] });
});

it("gives tables", async () => {
  await using server = await startTestServer();
  await fill(server, 1, 1);
  const list = await server.json(configMaps, { headers: { accept: table } });
  expect(list).toMatchObject({
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    columnDefinitions: [{ name: "Name" }, { name: "Data" }, { name: "Age" }],
    rows: [{ cells: ["a-0", 1, expect.any(String)], object: { kind: "PartialObjectMetadata" } }],
  });
  const whole = await server.json(`${configMaps}?includeObject=Object`, { headers: { accept: table } });
  expect(whole).toMatchObject({
    rows: [{ cells: ["a-0", 1, expect.any(String)], object: { data: { a: "x" } } }],
  });
  const one = await server.json(`${configMaps}/a-0?includeObject=None`, { headers: { accept: table } });
  expect(one).toMatchObject({ kind: "Table", rows: [{ object: null }] });
  const wrong = await server.json(`${configMaps}?includeObject=All`, { headers: { accept: table } });
  expect(wrong).toMatchObject({ code: 400 });
});

it("gives metadata alone", async () => {
  await using server = await startTestServer();
  await fill(server, 1, 1);
  const accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
  const list = await server.json(configMaps, { headers: { accept } });
  expect(list).toMatchObject({ kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1" });
  expect(Object.keys(viewArray(list, "items")[0] as object)).toEqual(["kind", "apiVersion", "metadata"]);
  expect((await server.fetch(`${configMaps}/a-0`, { headers: { accept } })).status).toBe(406);
  const single = accept.replace("List", "");
  expect(await server.json(`${configMaps}/a-0`, { headers: { accept: single } })).toMatchObject({
    kind: "PartialObjectMetadata",
    metadata: { name: "a-0" },
  });
  expect((await server.fetch(configMaps, { headers: { accept: single } })).status).toBe(406);
});

async function get(
  server: TestServer,
  path: string,
  headers: Record<string, string>,
): Promise<IncomingMessage> {
  const outgoing = request(`${server.server.url}${path}`, {
    headers: { authorization: "Bearer admin", ...headers },
  });
  outgoing.end();
  const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
  return incoming;
}

it("compresses what is large for those who can read it", async () => {
  await using server = await startTestServer();
  await fill(server, 4, 50_000);
  const packed = await get(server, configMaps, { "accept-encoding": "gzip" });
  expect(packed.headers["content-encoding"]).toBe("gzip");
  const text = gunzipSync(await buffer(packed)).toString("utf8");
  const plain = await get(server, configMaps, {});
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect((await buffer(plain)).toString("utf8")).toBe(text);
  const small = await get(server, "/version", { "accept-encoding": "gzip" });
  expect(small.headers["content-encoding"]).toBeUndefined();
  small.resume();
});

it("leaves a client alone that reads nothing, and serves the others", async () => {
  await using server = await startTestServer({ limits: { stallTimeoutMs: 200 } });
  await fill(server, 20, 1_000_000);
  const stalled = await get(server, configMaps, {});
  expect((await server.fetch("/version")).status).toBe(200);
  // Its connection is cut, which it notices when it reads at last.
  await new Promise((resolve) => setTimeout(resolve, 600));
  await expect(buffer(stalled)).rejects.toThrow("aborted");
});

it("refuses a page of the future, and one with a version of its own", async () => {
  await using server = await startTestServer();
  await fill(server, 2, 1);
  const page = await server.json(`${configMaps}?limit=1`);
  const token = (page["metadata"] as { continue: string }).continue;
  const made = (revision: number): string =>
    Buffer.from(JSON.stringify({ revision, namespace: "default", name: "a" })).toString("base64url");
  for (const revision of [99_999_999, -1, 1.5]) {
    const refused = await server.json(`${configMaps}?limit=1&continue=${made(revision)}`);
    expect(refused).toMatchObject({ code: 400 });
  }
  expect(await server.json(`${configMaps}?limit=1&continue=${token}&resourceVersion=1`)).toMatchObject({
    code: 400,
    message: "specifying resource version is not allowed when using continue",
  });
  expect(await server.json(`${configMaps}?limit=1&continue=${token}&resourceVersion=0`)).toMatchObject({
    items: [{}],
  });
});
