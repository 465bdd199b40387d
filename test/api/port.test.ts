import { request } from "node:https";
import { connect } from "node:net";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCaller } from "#api/caller.ts";
import { VersionService } from "#api/contract/gen/argocd/version_pb.ts";
import { createDispatcher } from "#api/dispatch.ts";
import { createListener } from "#api/server/serve.ts";
import type { RunningServer } from "#api/server/start-server.ts";
import { startServer } from "#api/server/start-server.ts";
import { createCertificateAuthority } from "#embedded/index.ts";

const authority = createCertificateAuthority("test");
const host = "127.0.0.1";

function issue() {
  const { certificate: cert, key } = authority.issue({
    subject: { commonName: "server" },
    usage: "server",
    dnsNames: ["localhost"],
    ipAddresses: [host],
  });
  return { cert, key };
}

async function start(options: Partial<Parameters<typeof startServer>[0]> = {}): Promise<RunningServer> {
  const stop = new AbortController();
  const dispatcher = createDispatcher(
    {
      version: {
        version: (_request, { caller }) => {
          caller.needsNoPermission();
          return Promise.resolve({ Version: "v0" });
        },
      },
    },
    {
      admit: () => Promise.resolve(createCaller({ identity: undefined, permits: () => false })),
      assertChecked: () => undefined,
    },
  );
  const onRequest = createListener({
    dispatcher,
    handlers: [],
    maxMessageBytes: 1_000,
    onBug: (error) => {
      throw error;
    },
    signal: stop.signal,
  });
  const server = await startServer({ host, port: 0, onRequest, ...options });
  onTestFinished(async () => {
    stop.abort();
    await server[Symbol.asyncDispose]();
  });
  return server;
}

function versionOverTls(port: number): Promise<{ readonly body: string; readonly serial: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path: "/api/version", ca: authority.certificate, agent: false });
    asked.on("response", (response) => {
      const { serialNumber: serial } = (
        response.socket as unknown as { getPeerCertificate(): { serialNumber: string } }
      ).getPeerCertificate();
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve({ body, serial }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

describe("a server with a certificate", () => {
  it("answers REST and gRPC on one port, sends plain HTTP to the encrypted address, and closes plain gRPC", async () => {
    const { port } = await start({ tls: issue() });
    expect((await versionOverTls(port)).body).toBe('{"Version":"v0"}');
    const grpc = (baseUrl: string) =>
      createClient(
        VersionService,
        createGrpcTransport({ baseUrl, nodeOptions: { ca: authority.certificate } }),
      );
    expect((await grpc(`https://${host}:${port}`).version({})).Version).toBe("v0");
    await expect(grpc(`http://${host}:${port}`).version({})).rejects.toThrow();
    const plain = await fetch(`http://${host}:${port}/api/version`, { redirect: "manual" });
    expect([plain.status, plain.headers.get("location")]).toEqual([
      307,
      `https://${host}:${port}/api/version`,
    ]);
  });

  it("shows another certificate to connections that come after it was changed", async () => {
    const server = await start({ tls: issue() });
    const before = await versionOverTls(server.port);
    server.useCertificate(issue());
    const after = await versionOverTls(server.port);
    expect(after.serial).not.toBe(before.serial);
  });
});

describe("a port that is taken", () => {
  it("is an error that says so, unless any other will do", async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toThrow(
      `port ${port}: is taken by another program; choose another with --port`,
    );
    expect((await start({ port, takesOther: true })).port).not.toBe(port);
  });
});

describe("clients that send nonsense", () => {
  // Class: requests that are too much.
  it("are answered or closed, and others are served", async () => {
    const { port } = await start();
    const nonsense = [
      "GET / HTTP/1.1\r\nhost\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
      "\u0000".repeat(4_000),
      "PR",
    ];
    await Promise.all(
      nonsense.map(
        (text) =>
          new Promise<void>((resolve) => {
            const socket = connect(port, host, () => socket.end(text));
            socket.resume();
            socket.once("error", () => resolve());
            socket.once("close", () => resolve());
          }),
      ),
    );
    const answer = await fetch(`http://${host}:${port}/api/version`);
    expect(answer.status).toBe(200);
  });
});
