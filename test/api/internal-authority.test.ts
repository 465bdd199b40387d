import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import type { EmbeddedCluster } from "#embedded/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import type { KubeCluster } from "#kube/index.ts";
import { startCluster } from "#kube/index.ts";
import { startInternalApi } from "#main/internal-api.ts";
import { readInternalAuthority } from "#main/internal-authority.ts";
import { startInternalCredentials } from "#main/internal-credentials.ts";
import type { PeerCredentials } from "#peers/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { systemClock } from "#runtime/clock.ts";
import { createLog, silentLog } from "#runtime/log.ts";
import { eventually } from "../control-plane/eventually.ts";

const namespace = "default";
const ref = { type: hubTypes.secret, namespace, name: "mooring-internal-tls" };
const stop = new AbortController();
const { signal } = stop;
const dayMs = 24 * 60 * 60 * 1000;
let embedded: EmbeddedCluster;
let cluster: KubeCluster;

beforeAll(async () => {
  embedded = await startEmbeddedCluster({ onFailure: (error) => stop.abort(error), signal });
  cluster = startCluster(embedded.connection, { keepFresh: false });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await embedded[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await cluster.remove(ref, { propagation: "Background", signal });
});

const readAt = (nowMs: number) => readInternalAuthority({ cluster, namespace, nowMs, signal });

it("is made by whoever comes first, and is the same for many that come at once", async () => {
  const now = Date.now();
  const all = await Promise.all(Array.from({ length: 8 }, () => readAt(now)));
  expect(new Set(all.map(({ signer }) => signer.certificate)).size).toBe(1);
  const later = await readAt(now + dayMs);
  expect(later.signer.certificate).toBe(all[0]?.signer.certificate);
  const secret = await cluster.read(ref, signal);
  expect(secret?.metadata.labels).toMatchObject({ "app.kubernetes.io/part-of": "argocd" });
});

it("issues certificates that its own certificate verifies, also after it was read again", async () => {
  await readAt(Date.now());
  const { signer, trusted } = await readAt(Date.now());
  const { certificate } = signer.issue({ subject: { commonName: "x" }, usage: "client", validDays: 30 });
  const leaf = new X509Certificate(certificate);
  const authority = new X509Certificate(trusted[0] ?? "");
  expect([leaf.verify(authority.publicKey), leaf.checkIssued(authority)]).toEqual([true, true]);
  expect(leaf.validToDate.getTime() - Date.now()).toBeLessThan(31 * dayMs);
});

it("is followed by a new one long before it ends, which signs only when everybody can have heard of it", async () => {
  const now = Date.now();
  const first = await readAt(now);
  const renewedAt = now + 250 * dayMs;
  const both = await Promise.all([readAt(renewedAt), readAt(renewedAt)]);
  for (const one of both) {
    expect(one.trusted).toHaveLength(2);
    expect(one.signer.certificate, "the old one still signs").toBe(first.signer.certificate);
  }
  expect(new Set(both.map(({ trusted }) => trusted.join(""))).size).toBe(1);
  const later = await readAt(renewedAt + 61 * 60 * 1000);
  expect(later.trusted).toEqual(both[0]?.trusted);
  expect(later.signer.certificate).toBe(later.trusted[0]);
  expect(later.signer.certificate).not.toBe(first.signer.certificate);
});

it("names the Secret that holds no authority and what to do, and none of its values", async () => {
  const data = { "ca.crt": "aHVudGVyMg==", "ca.key": "aHVudGVyMw==" };
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: ref.name, namespace }, data };
  await cluster.create(ref.type, secret, { fieldManager: "test", signal });
  const failure = await readAt(Date.now()).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "CONFIG_INVALID" });
  expect((failure as Error).message).toMatch(
    /^Secret default\/mooring-internal-tls: data\[ca\.crt\] and data\[ca\.key\] are no authority .*delete the Secret/u,
  );
  expect((failure as Error).message).not.toMatch(/hunter|aHVu/u);
});

it("has a process show a new certificate before its own ends, and when others do not trust it any more", async () => {
  const lines: string[] = [];
  let nowMs = Date.now();
  const clock: Clock = { ...systemClock, now: () => nowMs, sleep: () => Promise.resolve() };
  const write = (line: string) => void lines.push(line);
  const log = createLog({ level: "debug", format: "text", write, now: () => nowMs });
  const ending = new AbortController();
  const options = { cluster, namespace, role: "server", clock, log, signal: ending.signal } as const;
  const credentials = await startInternalCredentials(options);
  const first = credentials.current();
  const renewal = (): Promise<PeerCredentials> => {
    const renewed = new Promise<PeerCredentials>((resolve) => credentials.onRenewal(resolve));
    credentials.doubt();
    return renewed;
  };

  await cluster.remove(ref, { propagation: "Background", signal });
  const second = await renewal();
  expect([second.ca.length, second.ca[0] === first.ca[0]]).toEqual([1, false]);
  expect(credentials.current()).toBe(second);
  const issued = new X509Certificate(second.cert);
  expect(issued.verify(new X509Certificate(second.ca[0] ?? "").publicKey)).toBe(true);

  nowMs += 25 * dayMs;
  const third = await renewal();
  expect([third.ca, third.cert === second.cert]).toEqual([second.ca, false]);
  ending.abort();
  for (const secret of [first.key, second.key, "PRIVATE"]) expect(lines.join("\n")).not.toContain(secret);
});

it("keeps no controller from its work where it cannot listen, and tries again", async () => {
  const other = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const later = Promise.withResolvers<void>();
  const clock: Clock = { ...systemClock, sleep: () => later.promise };
  await using api = await startInternalApi({ cluster, namespace, address, clock, log: silentLog, signal });
  expect(api.address()).toBeUndefined();
  other.close();
  await once(other, "close");
  later.resolve();
  await eventually(() => expect(api.address()).toBe(address));
});

it.each(["nonsense", "host", "host:", ":8085", "host:99999", "a:b:1"])(
  "refuses %j as an address",
  async (address) => {
    const options = { cluster, namespace, address, clock: systemClock, log: silentLog, signal };
    await expect(startInternalApi(options)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(JSON.stringify(address)) as string,
    });
  },
);
