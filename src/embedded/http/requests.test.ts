import { expect, it } from "vitest";
import { startTestServer } from "./testing.ts";

const configMaps = "/api/v1/namespaces/default/configmaps";
const json = { "content-type": "application/json" };

it("answers what needs no cluster", async () => {
  await using server = await startTestServer();
  expect(await (await fetch(`${server.server.url}/healthz`)).text()).toBe("ok");
  expect(await (await fetch(`${server.server.url}/readyz`)).text()).toBe("ok");
  expect(await server.json("/version")).toEqual({ major: "1", minor: "37" });
  expect(await server.json("/openapi/v3")).toEqual({ paths: {} });
});

it.each([
  ["GET", "/nothing", 404, "the server could not find the requested resource"],
  ["GET", "/api/v1/nothings", 404, "the server could not find the requested resource"],
  ["GET", "/api/v1/configmaps/x", 404, "the server could not find the requested resource"],
  ["GET", "/apis/nope.io/v1", 404, "the server could not find the requested resource"],
  ["GET", `${configMaps}/x/status`, 404, "the server could not find the requested resource"],
  ["GET", `${configMaps}/x/a/b`, 404, "the server could not find the requested resource"],
  ["GET", "/api/v1/watch/configmaps", 404, "the server could not find the requested resource"],
  ["GET", "/api/v1//configmaps", 404, "the server could not find the requested resource"],
  ["GET", `${configMaps}/x`, 404, 'configmaps "x" not found'],
  ["GET", `${configMaps}/%2e%2e%2fsecrets`, 400, 'invalid path segment "../secrets"'],
  ["POST", "/version", 405, "the server does not allow this method on the requested resource"],
  ["POST", `${configMaps}/x`, 405, "the server does not allow this method on the requested resource"],
  ["PUT", configMaps, 405, "the server does not allow this method on the requested resource"],
  ["DELETE", "/api/v1/configmaps", 405, "the server does not allow this method on the requested resource"],
])("answers %s %s with %d", async (...[method, path, status, message]) => {
  await using server = await startTestServer();
  const response = await server.fetch(path, { method });
  expect(await response.json()).toMatchObject({ kind: "Status", status: "Failure", message, code: status });
  expect(response.status).toBe(status);
  expect(response.headers.get("audit-id")).toMatch(/^[\w-]{36}$/);
});

it("creates, reads, changes and deletes an object", async () => {
  await using server = await startTestServer();
  const created = await server.create(configMaps, { metadata: { name: "a" }, data: { x: "1" } });
  expect(created).toMatchObject({ kind: "ConfigMap", metadata: { name: "a", namespace: "default" } });
  const patched = await server.json(`${configMaps}/a?fieldManager=me`, {
    method: "PATCH",
    body: '{"data":{"y":"2"}}',
    headers: { "content-type": "application/merge-patch+json" },
  });
  expect(patched).toMatchObject({ data: { x: "1", y: "2" } });
  expect(await server.json(`${configMaps}/a`)).toEqual(patched);
  const { uid } = created["metadata"] as { uid: string };
  expect(await server.json(`${configMaps}/a`, { method: "DELETE" })).toEqual({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name: "a", kind: "configmaps", uid },
  });
});

it.each([
  [
    "{",
    "application/json",
    400,
    "couldn't get version/kind; json parse error: unexpected end of JSON input ({)",
  ],
  ["[]", "application/json", 400, "the body is not an object"],
  ["", "application/json", 400, "unexpected end of JSON input (<empty>)"],
  ['{"__proto__":{"x":1}}', "application/json", 400, "__proto__"],
  [`{"a":${"[".repeat(10_000)}`, "application/json", 400, "exceeded max depth"],
  ["a: [", "application/yaml", 400, "error converting YAML to JSON"],
  ["x", "application/vnd.kubernetes.protobuf", 400, "does not appear to be a protobuf message"],
  ["x", "application/cbor", 415, "the body of the request was in an unknown format"],
])("refuses the body %.20j as %s", async (...[body, type, status, message]) => {
  await using server = await startTestServer();
  const response = await server.fetch(configMaps, {
    method: "POST",
    body,
    headers: { "content-type": type },
  });
  const answer = (await response.json()) as { message: string };
  expect(response.status).toBe(status);
  expect(answer.message).toContain(message);
});

it("takes YAML, and warns of fields that are there twice", async () => {
  await using server = await startTestServer();
  const yaml = await server.fetch(configMaps, {
    method: "POST",
    body: "metadata: {name: y}\ndata: {a: x}\n",
    headers: { "content-type": "application/yaml" },
  });
  expect(yaml.status).toBe(201);
  const body = '{"metadata":{"name":"b"},"data":{"a":"1","a":"2"}}';
  const strict = await server.fetch(`${configMaps}?fieldValidation=Strict`, {
    method: "POST",
    body,
    headers: json,
  });
  expect(await strict.json()).toMatchObject({
    code: 400,
    message:
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a"',
  });
  const warned = await server.fetch(configMaps, { method: "POST", body, headers: json });
  expect(warned.status).toBe(201);
  expect(warned.headers.get("warning")).toBe('299 - "duplicate field \\"data.a\\""');
});

it("takes no body beyond its limit, announced or not", async () => {
  await using server = await startTestServer({ limits: { maxBodyBytes: 1000 } });
  const body = JSON.stringify({ metadata: { name: "a" }, data: { a: "x".repeat(2000) } });
  const announced = await server.fetch(configMaps, { method: "POST", body, headers: json });
  expect(await announced.json()).toMatchObject({
    code: 413,
    message: "Request entity too large: limit is 1000",
  });
  const stream = new ReadableStream({
    start: (controller) => {
      controller.enqueue(Buffer.from(body));
      controller.close();
    },
  });
  const init = { method: "POST", body: stream, headers: json, duplex: "half" } as RequestInit;
  expect((await server.fetch(configMaps, init)).status).toBe(413);
  expect((await server.fetch("/version")).status).toBe(200);
});

it("says nothing of what went wrong inside", async () => {
  const told: unknown[] = [];
  await using server = await startTestServer({
    openApi: () => {
      throw new Error("secret");
    },
    onError: (error, request) => told.push([String(error), request]),
  });
  const response = await server.fetch("/openapi/v2");
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("secret");
  expect(told).toEqual([["Error: secret", "GET /openapi/v2"]]);
});

it("asks clients to come back when too much is under way", async () => {
  await using server = await startTestServer({ limits: { maxInFlight: 0 } });
  const response = await server.fetch("/version");
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "1"]);
  expect((await server.fetch("/livez")).status).toBe(200);
});

it("sends no document twice to who has it, and lets those be kept that are named by their hash", async () => {
  const documents: Readonly<Record<string, string>> = {
    "/openapi/v3": '{"paths":{"api/v1":{"serverRelativeURL":"/openapi/v3/api/v1?hash=AB"}}}',
    "/openapi/v3/api/v1": "{}",
  };
  await using server = await startTestServer({ openApi: (path) => documents[path] });
  const etag = (await server.fetch("/openapi/v3")).headers.get("etag") ?? "";
  expect((await server.fetch("/openapi/v3", { headers: { "if-none-match": etag } })).status).toBe(304);
  const cacheControl = async (query: string) =>
    (await server.fetch(`/openapi/v3/api/v1${query}`)).headers.get("cache-control");
  expect(await cacheControl("?hash=AB")).toBe("public, immutable");
  expect(await cacheControl("?hash=CD")).toBe("no-cache, private");
  expect(await cacheControl("")).toBe("no-cache, private");
  const accept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
  expect((await server.fetch("/openapi/v3", { headers: { accept } })).status).toBe(406);
});
