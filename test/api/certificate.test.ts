import { once } from "node:events";
import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startServer } from "#api/server/start-server.ts";
import { createCertificateAuthority, startEmbeddedCluster } from "#embedded/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Cluster } from "#ports/cluster.ts";
import { createLog } from "#runtime/log.ts";
import { startCluster } from "#kube/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import type { ServerCertificate } from "#main/server-certificate.ts";
import { followServerCertificate, readServerCertificate } from "#main/server-certificate.ts";

const namespace = "default";
const host = "127.0.0.1";
const ownSecret = "argocd-server-tls";
const authority = createCertificateAuthority("test");

function issue(name: string): ServerCertificate {
  const { certificate: cert, key } = authority.issue({
    subject: { commonName: name },
    usage: "server",
    dnsNames: ["localhost"],
    ipAddresses: [host],
  });
  return { cert, key };
}

async function startHub(): Promise<Cluster> {
  const stop = new AbortController();
  const embedded = await startEmbeddedCluster({
    onFailure: (error) => stop.abort(error),
    signal: stop.signal,
  });
  const cluster = startCluster(embedded.connection);
  onTestFinished(async () => {
    await cluster[Symbol.asyncDispose]();
    stop.abort();
    await embedded[Symbol.asyncDispose]();
  });
  return cluster;
}

const signal = new AbortController().signal;

/** Puts a certificate, or what is to be refused as one, into a Secret. */
async function put(cluster: Cluster, name: string, { cert, key }: Partial<ServerCertificate>): Promise<void> {
  const data = {
    ...(cert === undefined ? {} : { "tls.crt": encodeBase64(cert) }),
    ...(key === undefined ? {} : { "tls.key": encodeBase64(key) }),
  };
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type: "Opaque", data };
  await cluster.apply(hubTypes.secret, secret, { fieldManager: "test", force: true, signal });
}

/** Who the server says it is to a connection that begins now. */
async function shownAt(port: number): Promise<string> {
  const socket = connect({ host, port, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const raw = socket.getPeerCertificate().raw;
  socket.destroy();
  return new X509Certificate(raw).subject;
}

describe("the server's certificate", () => {
  it("is taken from its Secrets as they change, and stays when the new one cannot be used", async () => {
    const cluster = await startHub();
    await put(cluster, "argocd-secret", issue("first"));
    const shown = await readServerCertificate(cluster, namespace, signal);
    const server = await startServer({ host, port: 0, tls: shown, onRequest: () => undefined });
    const stop = new AbortController();
    const lines: string[] = [];
    const log = createLog({
      redact: (text) => text,
      level: "warn",
      format: "text",
      write: (line) => void lines.push(line),
      now: () => 0,
    });
    const use = server.useCertificate;
    const ended = followServerCertificate({ cluster, namespace, shown, use, log, signal: stop.signal });
    onTestFinished(async () => {
      stop.abort();
      await ended;
      await server[Symbol.asyncDispose]();
    });
    const waits = { timeout: 20_000, interval: 20 };
    expect(await shownAt(server.port)).toBe("CN=first");
    await put(cluster, ownSecret, issue("second"));
    await vi.waitFor(async () => expect(await shownAt(server.port)).toBe("CN=second"), waits);
    const third = issue("third");
    const refused: readonly [Partial<ServerCertificate>, string][] = [
      [{ cert: third.cert }, "tls.key is missing"],
      [{ cert: third.cert, key: issue("other").key }, "tls.key is not the key of tls.crt"],
      [{ cert: "nonsense", key: third.key }, "tls.crt is no certificate in PEM"],
    ];
    for (const [certificate, problem] of refused) {
      await put(cluster, ownSecret, certificate);
      await vi.waitFor(
        () => expect(lines.at(-1)).toContain(`Secret/${namespace}/${ownSecret}: ${problem}`),
        waits,
      );
      expect(await shownAt(server.port)).toBe("CN=second");
    }
    expect(lines.join("\n")).not.toContain("PRIVATE KEY");
    await put(cluster, ownSecret, third);
    await vi.waitFor(async () => expect(await shownAt(server.port)).toBe("CN=third"), waits);
    await cluster.remove(
      { type: hubTypes.secret, namespace, name: ownSecret },
      { propagation: "Background", signal },
    );
    await vi.waitFor(async () => expect(await shownAt(server.port)).toBe("CN=first"), waits);
  });

  it("is refused at the start by Secret and key when it cannot be used", async () => {
    const cluster = await startHub();
    await put(cluster, ownSecret, { cert: issue("a").cert, key: issue("b").key });
    await expect(readServerCertificate(cluster, namespace, signal)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: `Secret/${namespace}/${ownSecret}: tls.key is not the key of tls.crt; put its own there`,
    });
  });

  it("is made once and found again when there is none", async () => {
    const cluster = await startHub();
    const made = await readServerCertificate(cluster, namespace, signal);
    expect(await readServerCertificate(cluster, namespace, signal)).toEqual(made);
  });
});
