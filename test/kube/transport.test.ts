import { createServer as createHttpServer } from "node:http";
import { connect as connectTcp, createServer, type Server, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { ClusterConnection } from "#core/cluster/connection.ts";
import { readKubeconfig } from "#kube/index.ts";
import { dial } from "../../src/kube/http/dial.ts";
import { startNegotiated } from "../../src/kube/http/negotiate.ts";
import { controlPlane } from "../control-plane/fixture.ts";
import { connect, testSignal, typeOf } from "./connect.ts";

async function admin(): Promise<ClusterConnection> {
  return (await readKubeconfig({ path: controlPlane().kubeconfigPath })).connection;
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function join(near: Socket, host: string, port: number): Socket {
  const far = connectTcp(port, host);
  near.on("error", () => far.destroy());
  far.on("error", () => near.destroy());
  far.pipe(near);
  return far;
}

async function works(proxyUrl: string): Promise<boolean> {
  const cluster = await connect({ connection: { ...(await admin()), proxyUrl }, keepFresh: false });
  const type = await typeOf(cluster, "", "Namespace");
  return (await cluster.list(type, { signal: testSignal() })).length > 0;
}

it("goes through an HTTP proxy with a password", async () => {
  const asked: (string | undefined)[] = [];
  const proxy = createHttpServer();
  proxy.on("connect", (request, near: Socket) => {
    const login = request.headers["proxy-authorization"];
    asked.push(request.url, login);
    if (login === undefined) return void near.end("HTTP/1.1 407 Who are you\r\n\r\n");
    const [host = "", port = ""] = (request.url ?? "").split(":");
    near.write("HTTP/1.1 200 Connected\r\n\r\n");
    near.pipe(join(near, host, Number(port)));
  });
  const port = await listen(proxy);
  expect(await works(`http://me:p%40ss@127.0.0.1:${port}`)).toBe(true);
  const login = `Basic ${Buffer.from("me:p@ss").toString("base64")}`;
  expect(asked).toEqual([new URL(controlPlane().server).host, login]);
  await expect(works(`http://127.0.0.1:${port}`)).rejects.toThrow("refused CONNECT");
});

it("goes through a SOCKS proxy", async () => {
  const targets: string[] = [];
  const proxy = createServer((near) => {
    near.once("data", () => {
      near.write(Buffer.from([5, 0]));
      near.once("data", (request: Buffer) => {
        const host = [...request.subarray(4, 8)].join(".");
        const port = request.readUInt16BE(8);
        targets.push(`${host}:${port}`);
        near.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        near.pipe(join(near, host, port));
      });
    });
  });
  const port = await listen(proxy);
  expect(await works(`socks5://127.0.0.1:${port}`)).toBe(true);
  expect(new Set(targets)).toEqual(new Set([new URL(controlPlane().server).host]));
});

it.each([["h2"], ["http/1.1"]] as const)(
  "speaks %s where that is what the server offers",
  async (protocol) => {
    const connection = await admin();
    const spoken: string[] = [];
    await using transport = startNegotiated({
      server: connection.server,
      maxSockets: 4,
      dial: async () => {
        const socket = await dial({
          connection,
          protocols: [protocol],
          certificate: undefined,
          timeoutMs: 5_000,
        });
        spoken.push(String("alpnProtocol" in socket ? socket.alpnProtocol : ""));
        return socket;
      },
    });
    const request = {
      method: "GET",
      path: "/version",
      headers: { authorization: `Bearer ${controlPlane().token}` },
      signal: testSignal(),
    };
    const ask = async (): Promise<number> => {
      const response = await transport.send(request);
      response.body.resume();
      return response.status;
    };
    const statuses = await Promise.all(Array.from({ length: 20 }, ask));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(new Set(spoken)).toEqual(new Set([protocol]));
    expect(spoken.length).toBe(protocol === "h2" ? 1 : 4);
  },
);
