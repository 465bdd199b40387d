import { once } from "node:events";
import { createServer as createHttp2Server, type ServerHttp2Stream } from "node:http2";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { startHttp2 } from "./http2.ts";
import type { HttpRequest } from "./transport.ts";

const largeWindow = 64 * 1024 * 1024;
const get: HttpRequest = { method: "GET", path: "/", headers: {}, signal: new AbortController().signal };

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A server that reads whatever it is sent, behind a network path that can stop carrying anything. */
async function startNetwork() {
  const backend = createHttp2Server({ settings: { initialWindowSize: largeWindow } });
  backend.on("session", (session) => {
    session.setLocalWindowSize(largeWindow);
    session.on("error", () => undefined);
  });
  backend.on("stream", (stream) => {
    stream.on("error", () => undefined);
    stream.resume();
    stream.on("end", () => {
      stream.respond({ ":status": 200 });
      stream.end("here");
    });
  });
  const backendPort = await listen(backend);
  const carried: Socket[] = [];
  const path = createServer((client) => {
    const server = connect(backendPort, "127.0.0.1");
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on("error", () => undefined);
    carried.push(client, server);
  });
  const port = await listen(path);
  onTestFinished(() => carried.forEach((socket) => socket.destroy()));
  return {
    /** Connections made so far go on being open and carry nothing more. */
    freeze: () => {
      for (const socket of carried) {
        socket.unpipe();
        socket.pause();
      }
    },
    /** The other side is gone, as after a kill. */
    cut: () => carried.forEach((socket) => socket.resetAndDestroy()),
    dial: async () => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      return socket;
    },
    connections: () => carried.length / 2,
    server: `http://127.0.0.1:${port}`,
  };
}

async function start(pings: { readonly pingIntervalMs?: number; readonly pongTimeoutMs?: number } = {}) {
  const network = await startNetwork();
  const { dial, server } = network;
  const transport = startHttp2({ server, dial, ...pings });
  onTestFinished(() => transport[Symbol.asyncDispose]());
  const ask = async (request: Partial<HttpRequest> = {}) =>
    text((await transport.send({ ...get, ...request })).body);
  return { ...network, ask };
}

it("opens a new connection after one whose peer fell silent in the middle of a write", async () => {
  const { ask, freeze } = await start({ pingIntervalMs: 50, pongTimeoutMs: 100 });
  expect(await ask()).toBe("here");
  freeze();
  const writing = ask({ method: "POST", body: new Uint8Array(largeWindow) });
  await expect(writing).rejects.toMatchObject({ code: "ETIMEDOUT" });
  expect(await ask()).toBe("here");
});

it("opens a new connection after one that was reset with requests under way", async () => {
  const { ask, cut } = await start();
  expect(await ask()).toBe("here");
  const writing = ask({ method: "POST", body: new Uint8Array(largeWindow) });
  setImmediate(cut);
  await expect(writing).rejects.toThrow();
  expect(await ask()).toBe("here");
});

it("keeps a connection that answers its pings", async () => {
  const { ask, connections } = await start({ pingIntervalMs: 10, pongTimeoutMs: 5_000 });
  expect(await ask()).toBe("here");
  await sleep(100);
  expect(await ask()).toBe("here");
  expect(connections()).toBe(1);
});

it("lets no request wait for another one's end when more come at once than a connection takes", async () => {
  const server = createHttp2Server({ settings: { maxConcurrentStreams: 120 } });
  const held: ServerHttp2Stream[] = [];
  const all = Promise.withResolvers<undefined>();
  server.on("stream", (stream) => {
    held.push(stream);
    if (held.length === count) all.resolve(undefined);
  });
  const count = 500;
  const port = await listen(server);
  const dial = async (): Promise<Socket> => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return socket;
  };
  const transport = startHttp2({ server: `http://127.0.0.1:${port}`, dial });
  onTestFinished(() => transport[Symbol.asyncDispose]());
  const answers = Array.from({ length: count }, async () => text((await transport.send(get)).body));
  // Every request is with the server at the same time: none of them ends before.
  await all.promise;
  for (const stream of held) {
    stream.respond({ ":status": 200 });
    stream.end("here");
  }
  expect(new Set(await Promise.all(answers))).toEqual(new Set(["here"]));
});
