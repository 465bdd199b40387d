import { once } from "node:events";
import { request as httpRequest } from "node:http";
import type { ClientHttp2Session, IncomingHttpHeaders } from "node:http2";
import { connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { describe, expect, it } from "vitest";
import { MooringError } from "#core/errors/index.ts";
import type { ApiMethods, Origin } from "../call.ts";
import { ApplicationService } from "../contract/gen/argocd/application_pb.ts";
import { VersionService } from "../contract/gen/argocd/version_pb.ts";
import { createDispatcher } from "../dispatch.ts";
import { createListener } from "./serve.ts";
import { startServer } from "./start-server.ts";

interface Caller {
  readonly name: string;
  isChecked: boolean;
}

const methods: ApiMethods<Caller> = {
  version: {
    version: async (_request, { caller }) => {
      caller.isChecked = true;
      return { Version: "v0.0.0" };
    },
  },
  application: {
    get: async ({ name = "" }, { caller }) => {
      caller.isChecked = true;
      if (name === "gone") throw new MooringError("APP_NOT_FOUND", "Application/gone: does not exist");
      if (name === "bug") throw new Error("password hunter2");
      return {
        metadata: { name, creationTimestamp: "2026-01-31T12:00:00Z", labels: { tier: "front" } },
        spec: { project: "default", destination: { server: "https://kubernetes.default.svc" } },
      };
    },
    list: async () => ({ items: [] }),
    watch: async function* watch({ name = "" }, { caller, signal }) {
      caller.isChecked = true;
      if (name === "silent") await once(signal, "abort");
      yield { type: "ADDED", application: { metadata: { name } } };
      for (let i = 0; name === "much" && i < 1_000_000; i += 1) yield { type: "MODIFIED" };
      if (name === "breaks") throw new MooringError("APP_NOT_FOUND", "Application/breaks: was deleted");
      yield { type: "DELETED" };
    },
    patch: async (request, { caller }) => {
      caller.isChecked = true;
      return { metadata: { name: request.name ?? "", annotations: { patch: request.patch ?? "" } } };
    },
  },
};

async function admit(_method: DescMethod, { credentials }: Origin): Promise<Caller> {
  const name = credentials.token ?? credentials.authorization ?? "";
  if (name === "") throw new MooringError("API_UNAUTHENTICATED", "no session; log in");
  return { name, isChecked: false };
}

async function start(options: { readonly requestTimeoutMs?: number } = {}) {
  const stop = new AbortController();
  const bugs: unknown[] = [];
  const dispatcher = createDispatcher(methods, {
    admit,
    assertChecked: (method, { isChecked }) => {
      if (!isChecked) throw new Error(`${method.name} asked nobody`);
    },
  });
  const server = await startServer({
    ...options,
    host: "127.0.0.1",
    port: 0,
    onRequest: createListener({
      dispatcher,
      handlers: [],
      maxMessageBytes: 1000,
      onBug: (error) => bugs.push(error),
      signal: stop.signal,
    }),
  });
  const baseUrl = `http://127.0.0.1:${server.port}`;
  const dispose = async () => {
    stop.abort();
    await server[Symbol.asyncDispose]();
  };
  return { baseUrl, bugs, port: server.port, [Symbol.asyncDispose]: dispose };
}

const headers = { token: "t" };

const authorized = { authorization: "Bearer t" };

async function request(session: ClientHttp2Session, { method, path }: { method: string; path: string }) {
  const stream = session.request({ ":method": method, ":path": path, ...authorized }, { endStream: true });
  const [{ ":status": status, ...sent }] = (await once(stream, "response")) as [IncomingHttpHeaders];
  return { status, headers: sent, body: await text(stream) };
}

interface Asking {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function call(url: string, init: Asking = {}): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, { ...init, headers: { authorization: "Bearer t", ...init.headers } });
  return { status: response.status, body: await response.json() };
}

describe.each([
  ["gRPC", (baseUrl: string) => createGrpcTransport({ baseUrl })],
  ["gRPC-Web", (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" })],
])("%s", (_name, transport) => {
  it("answers, tells errors by code, and streams", async () => {
    await using server = await start();
    const client = createClient(ApplicationService, transport(server.baseUrl));
    const app = await client.get({ name: "web" }, { headers });
    expect(app.metadata?.creationTimestamp?.seconds).toBe(1_769_860_800n);
    expect(app.metadata?.labels).toEqual({ tier: "front" });
    expect(app.spec?.destination?.server).toBe("https://kubernetes.default.svc");
    const failures = await Promise.allSettled([
      client.get({ name: "gone" }, { headers }),
      client.get({ name: "web" }),
      client.get({ name: "bug" }, { headers }),
      client.list({}, { headers }),
      client.delete({ name: "web" }, { headers }),
      client.get({ name: "x".repeat(2000) }, { headers }),
    ]);
    const told = failures.map((one) =>
      one.status === "rejected" && one.reason instanceof ConnectError
        ? `${Code[one.reason.code]}: ${one.reason.rawMessage}`
        : "nothing",
    );
    expect(told).toEqual([
      "NotFound: Application/gone: does not exist",
      "Unauthenticated: no session; log in",
      "Internal: internal error: see the server's log",
      "Internal: internal error: see the server's log",
      "Unimplemented: application.ApplicationService/Delete: is not there yet",
      expect.stringContaining("ResourceExhausted: "),
    ]);
    expect(server.bugs).toHaveLength(2);
    const types: string[] = [];
    for await (const { type } of client.watch({ name: "web" }, { headers })) types.push(type);
    expect(types).toEqual(["ADDED", "DELETED"]);
  });
});

describe("REST", () => {
  it("answers in JSON, with the gateway's errors", async () => {
    await using server = await start();
    const api = `${server.baseUrl}/api/v1/applications`;
    const answers = await Promise.all([
      call(`${api}/web?refresh=normal&unknown=1`),
      call(`${api}/gone`),
      call(api, { headers: { authorization: "" } }),
      call(`${api}/bug`),
      call(`${api}/web`, { method: "POST" }),
      call(`${server.baseUrl}/api/v1/nowhere`),
      call(`${api}/w%2Feb`, {
        method: "PATCH",
        body: JSON.stringify({ patch: "{}", patchType: "merge" }),
        headers: { "content-type": "application/json" },
      }),
      call(`${api}/web`, { method: "PATCH", body: '{"patch":"{}","patchType":"merge"}' }),
      call(`${api}/web/resource?kind=Pod`),
      call(`${api}/web`, { method: "PATCH", body: "{", headers: { "content-type": "application/json" } }),
      call(`${api}/web`, {
        method: "PATCH",
        body: '{"patch":1,"patchType":"merge"}',
        headers: { "content-type": "application/json" },
      }),
      call(`${api}/web`, {
        method: "PATCH",
        body: JSON.stringify({ patch: "x".repeat(2000), patchType: "merge" }),
        headers: { "content-type": "application/json" },
      }),
    ]);
    const failed = (code: number, message: unknown) => ({ error: message, code, message });
    expect(answers).toEqual([
      { status: 200, body: expect.objectContaining({ metadata: expect.objectContaining({ name: "web" }) }) },
      { status: 404, body: failed(5, "Application/gone: does not exist") },
      { status: 401, body: failed(16, "no session; log in") },
      { status: 500, body: failed(13, "internal error: see the server's log") },
      { status: 405, body: failed(12, "use GET or PUT or PATCH or DELETE here") },
      { status: 404, body: failed(5, "nothing is at this address") },
      { status: 200, body: { metadata: { name: "w/eb", annotations: { patch: "{}" } } } },
      { status: 415, body: expect.objectContaining({ code: 3 }) },
      {
        status: 400,
        body: failed(3, "ApplicationResourceRequest.resourceName: is required and missing; give it"),
      },
      { status: 400, body: failed(3, "the body is not JSON in UTF-8; correct it") },
      { status: 400, body: failed(3, "ApplicationPatchRequest.patch: must be a text, not a number") },
      { status: 413, body: expect.objectContaining({ code: 8 }) },
    ]);
  });

  it("takes null for a field that is not given", async () => {
    await using server = await start();
    const patch = (body: unknown) =>
      call(`${server.baseUrl}/api/v1/applications/web`, {
        method: "PATCH",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      });
    expect(await patch({ name: null, patch: "{}", patchType: "merge", project: null })).toMatchObject({
      status: 200,
    });
    expect(await patch({ patch: null, patchType: "merge" })).toEqual({
      status: 400,
      body: expect.objectContaining({
        message: "ApplicationPatchRequest.patch: is required and missing; give it",
      }) as unknown,
    });
  });

  it("streams server-sent events to who accepts them, and lines to others", async () => {
    await using server = await start();
    const url = `${server.baseUrl}/api/v1/stream/applications?name=breaks`;
    const read = async (accept: string) =>
      (await fetch(url, { headers: { authorization: "Bearer t", accept } })).text();
    const added = '{"result":{"type":"ADDED","application":{"metadata":{"name":"breaks"}}}}';
    const message = "Application/breaks: was deleted";
    const broken = JSON.stringify({ error: { error: message, code: 5, message } });
    expect(await read("text/event-stream")).toBe(`data: ${added}\n\ndata: ${broken}\n\n`);
    expect(await read("application/json")).toBe(`${added}\n${broken}\n`);
  });

  it("tells who waits for something to happen that it waits", async () => {
    await using server = await start();
    const gone = new AbortController();
    const response = await fetch(`${server.baseUrl}/api/v1/stream/applications?name=silent`, {
      headers: { authorization: "Bearer t", accept: "text/event-stream" },
      signal: gone.signal,
    });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    gone.abort();
  });

  it("lets others in while a stream has much to tell that is taken at once", async () => {
    const dispatcher = createDispatcher(methods, { admit, assertChecked: () => undefined });
    const origin = { credentials: { token: "t" } } as Origin;
    const watched = dispatcher.serverStream(ApplicationService.method.watch, { name: "much" }, origin);
    let isLetIn = false;
    setTimeout(() => (isLetIn = true), 10);
    for await (const _event of watched) if (isLetIn) break;
    expect(isLetIn).toBe(true);
  });

  it("answers HEAD with the headers of GET, over HTTP/1.1 and HTTP/2, and no body", async () => {
    await using server = await start();
    const session = connectHttp2(server.baseUrl);
    const ask = async (method: string, path: string) => {
      const { status, headers: sent, body } = await request(session, { method, path });
      const { date: _date, ...stable } = sent;
      return { status, headers: stable, body };
    };
    const told = async (method: string, path: string) => {
      const response = await fetch(`${server.baseUrl}${path}`, { method, headers: authorized });
      return { status: response.status, length: response.headers.get("content-length") };
    };
    const paths = [
      "/api/v1/applications/web",
      "/api/v1/applications/gone",
      "/api/v1/stream/applications?name=web",
      "/api/v1/nowhere",
    ];
    for (const path of paths) {
      const [got, head] = await Promise.all([ask("GET", path), ask("HEAD", path)]);
      expect(got.body).not.toBe("");
      expect(head).toEqual({ ...got, body: "" });
      expect(await told("HEAD", path)).toEqual(await told("GET", path));
    }
    const silent = await ask("HEAD", "/api/v1/stream/applications?name=silent");
    expect(silent).toMatchObject({ status: 200, body: "" });
    // What GET does not answer, HEAD does not either.
    expect(await ask("HEAD", "/api/v1/session")).toMatchObject({
      status: 405,
      headers: { allow: "POST, DELETE" },
    });
    expect((await ask("POST", paths[0] ?? "")).headers["allow"]).toBe("GET, HEAD, PUT, PATCH, DELETE");
    session.close();
  });

  // Class: scripts in pages.
  it("sends headers against sniffing and framing", async () => {
    await using server = await start();
    const { headers: sent } = await fetch(`${server.baseUrl}/api/v1/applications/web`);
    expect(sent.get("x-content-type-options")).toBe("nosniff");
    expect(sent.get("content-security-policy")).not.toContain("unsafe");
    expect(sent.get("www-authenticate")).toBe("Bearer");
  });
});

describe("the port", () => {
  it("waits for a client whose first bytes come one by one", async () => {
    await using server = await start();
    const answer = await new Promise<number>((resolve, reject) => {
      const request = httpRequest({ port: server.port, path: "/api/v1/applications/web" }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.once("error", reject);
      request.end();
    });
    expect(answer).toBe(401);
  });

  it("takes it for no bug when a client leaves in the middle of what it sends", async () => {
    await using server = await start();
    const socket = connect(server.port, "127.0.0.1");
    const head = "POST /api/v1/applications HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    socket.write(`${head}authorization: Bearer t\r\ncontent-length: 100\r\n\r\n{`);
    await once(socket, "connect");
    // The server has read the beginning once it has answered somebody who came later.
    await call(`${server.baseUrl}/api/v1/applications/web`);
    const closed = once(socket, "close");
    socket.destroy();
    await closed;
    await call(`${server.baseUrl}/api/v1/applications/web`);
    expect(server.bugs).toEqual([]);
  });

  it("refuses a method of a service by a name that is none", async () => {
    await using server = await start();
    const client = createClient(VersionService, createGrpcTransport({ baseUrl: server.baseUrl }));
    await expect(client.version({}, { headers })).resolves.toMatchObject({ Version: "v0.0.0" });
    const { status } = await fetch(`${server.baseUrl}/version.VersionService/Nothing`, { method: "POST" });
    expect(status).toBe(404);
  });

  it("ends a call over HTTP/2 whose body never comes to an end", async () => {
    await using server = await start({ requestTimeoutMs: 50 });
    const session = connectHttp2(server.baseUrl);
    const stream = session.request({
      ":method": "POST",
      ":path": "/version.VersionService/Version",
      "content-type": "application/grpc",
    });
    stream.on("error", () => undefined);
    stream.write(Buffer.from([0, 0, 0, 0, 9]));
    await new Promise((resolve) => void stream.once("close", resolve));
    expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL);
    session.destroy();
  });
});
