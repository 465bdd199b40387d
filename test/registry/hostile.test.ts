import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { packChart, packTar, publishCharts, sha256, startWebServer } from "#test/registry-servers/index.ts";
import type { Handler } from "#test/registry-servers/index.ts";
import { startHangingServer } from "#test/git-servers/index.ts";
import { disposeLater, failureOf, fetchChart, helm, now, oci, signal, startTestRegistry } from "./fixture.ts";

const MiB = 1024 * 1024;

/** Sends so many bytes of an index that never ends; counts them. */
function endless(bytes: number, sent: { bytes: number }, encoding?: "gzip"): Handler {
  const entry = Buffer.from(
    "  - version: 1.0.0\n    description: filler filler filler filler\n".repeat(1000),
  );
  const chunk = encoding === "gzip" ? gzipSync(entry) : entry;
  return (_request, response) => {
    response.writeHead(200, encoding === undefined ? {} : { "content-encoding": encoding });
    const generate = function* (): Generator<Buffer> {
      yield encoding === undefined ? Buffer.from("entries:\n  web:\n") : gzipSync("entries:\n  web:\n");
      for (let plain = 0; plain < bytes; plain += entry.length) {
        sent.bytes += chunk.length;
        yield chunk;
      }
    };
    const source = Readable.from(generate());
    response.once("close", () => source.destroy());
    source.pipe(response);
  };
}

// Class: guessing and floods.
it("an index of 1 GiB is read no further than the limit, compressed or not", async () => {
  const server = disposeLater(await startWebServer());
  const [plain, packed] = [{ bytes: 0 }, { bytes: 0 }];
  server.set("/plain/index.yaml", endless(1024 * MiB, plain));
  server.set("/packed/index.yaml", endless(1024 * MiB, packed, "gzip"));
  server.set(
    "/told/index.yaml",
    (_request, response) => void response.writeHead(200, { "content-length": 1024 * MiB }).write("x"),
  );
  const registry = await startTestRegistry({ limits: { maxIndexBytes: 8 * MiB } });
  for (const path of ["/plain", "/packed", "/told"]) {
    const work = registry.resolveChart(helm(`${server.url}${path}`), { name: "web", version: "" }, now);
    expect([path, await failureOf(work)]).toEqual([
      path,
      expect.stringMatching(/^CHART_TOO_LARGE: .* the index has more than the 8388608 bytes/),
    ]);
  }
  expect(plain.bytes).toBeLessThan(64 * MiB);
  expect(packed.bytes).toBeLessThan(8 * MiB);
});

it("an index that takes too much memory or time ends its reader and nothing else", async () => {
  const server = disposeLater(await startWebServer());
  server.set("/list/index.yaml", `{"entries":{"web":[${"{},".repeat(4 * MiB)}{}]}}`);
  server.set("/deep/index.yaml", `entries: {web: ${"[".repeat(200_000)}`);
  server.set(
    "/aliases/index.yaml",
    `entries:\n  a: &a [1]\n${Array.from({ length: 2000 }, (_, i) => `  b${i}: &b${i} [*a, *a, *${i === 0 ? "a" : `b${i - 1}`}, *${i === 0 ? "a" : `b${i - 1}`}]\n`).join("")}  web: *b1999\n`,
  );
  publishCharts(server, "/good", [{ name: "web", version: "1.0.0" }]);
  const registry = await startTestRegistry({ limits: { parseTimeoutMs: 20_000 } });
  const resolve = async (path: string) =>
    await failureOf(registry.resolveChart(helm(`${server.url}${path}`), { name: "web", version: "" }, now));
  const outcomes = await Promise.all([
    resolve("/list"),
    resolve("/deep"),
    resolve("/aliases"),
    resolve("/good"),
  ]);
  expect(outcomes.map((outcome) => outcome.slice(0, 14))).toEqual([
    expect.stringMatching(/^CHART_/),
    expect.stringMatching(/^CHART_INVALID/),
    expect.stringMatching(/^CHART_/),
    "succeeded with",
  ]);
});

it("an index that cannot be read in time is fetched anew next time", async () => {
  const server = disposeLater(await startWebServer());
  publishCharts(server, "", [{ name: "web", version: "1.0.0" }]);
  // No thread starts in a millisecond.
  const registry = await startTestRegistry({ limits: { parseTimeoutMs: 1 } });
  for (const status of [200, 200]) {
    const work = registry.resolveChart(helm(server.url), { name: "web", version: "" }, now);
    expect(await failureOf(work)).toMatch(
      /^CHART_INVALID: .* the index cannot be read: it takes too long to read/,
    );
    expect(server.requests.at(-1)?.status).toBe(status);
  }
});

it("a host that never answers holds up nobody else", async () => {
  const silent = disposeLater(await startHangingServer());
  const server = disposeLater(await startWebServer());
  publishCharts(server, "", [{ name: "web", version: "1.0.0" }]);
  const registry = await startTestRegistry({ limits: { requestsPerHost: 2 } });
  const stop = new AbortController();
  const asking = { maxAgeMs: 0, signal: stop.signal };
  const hanging = Array.from({ length: 8 }, async (_, i) =>
    failureOf(registry.resolveChart(helm(`${silent.url}/${i}`), { name: "web", version: "" }, asking)),
  );
  await expect.poll(() => silent.count, { timeout: 20_000 }).toBe(2);
  expect((await fetchChart(registry, helm(server.url), { name: "web", version: "" }))["version"]).toBe(
    "1.0.0",
  );
  stop.abort();
  for (const failure of await Promise.all(hanging)) expect(failure).toMatch(/^AbortError: /);
});

it("a host that never answers is given up", async () => {
  const silent = disposeLater(await startHangingServer());
  const registry = await startTestRegistry({ limits: { idleTimeoutMs: 200 } });
  const work = registry.resolveChart(helm(silent.url), { name: "web", version: "" }, now);
  expect(await failureOf(work)).toMatch(/^CHART_TIMEOUT: .* no answer in time/);
});

it("an answer that trickles is given up after the time for the whole", async () => {
  const server = disposeLater(await startWebServer());
  server.set("/index.yaml", (_request, response) => {
    response.write("entries:\n");
    const timer = setInterval(() => response.write("  # more\n"), 50);
    response.once("close", () => clearInterval(timer));
  });
  const registry = await startTestRegistry({ limits: { totalTimeoutMs: 800 } });
  const work = registry.resolveChart(helm(server.url), { name: "web", version: "" }, now);
  expect(await failureOf(work)).toMatch(/^CHART_TIMEOUT: .* no whole answer within 0.8 s/);
});

it("a question ends with AbortError when its caller's signal aborts", async () => {
  const silent = disposeLater(await startHangingServer());
  const registry = await startTestRegistry();
  const stop = new AbortController();
  const work = failureOf(
    registry.resolveChart(
      helm(silent.url),
      { name: "web", version: "" },
      { maxAgeMs: 0, signal: stop.signal },
    ),
  );
  await expect.poll(() => silent.count, { timeout: 20_000 }).toBe(1);
  stop.abort();
  expect(await work).toMatch(/^AbortError: /);
});

it("an archive with another digest than the index says is not used, and one without is fixed by its own", async () => {
  const server = disposeLater(await startWebServer());
  publishCharts(server, "", [
    { name: "web", version: "1.0.0", digest: "0".repeat(64) },
    { name: "web", version: "2.0.0", digest: "" },
  ]);
  const registry = await startTestRegistry();
  const access = helm(server.url);
  expect(await failureOf(fetchChart(registry, access, { name: "web", version: "1.0.0" }))).toMatch(
    /^CHART_INVALID: .* chart web 1\.0\.0: what is at .*\/web-1\.0\.0\.tgz has the digest sha256:[0-9a-f]{64}, the index says sha256:0{64}/,
  );
  const resolve = async () =>
    await registry.resolveChart(access, { name: "web", version: "2.0.0" }, { maxAgeMs: 60_000, signal });
  const [resolved, again] = await Promise.all([resolve(), resolve()]);
  expect(resolved).toEqual({ ...again, digest: `sha256:${sha256(packChart("web", "2.0.0"))}` });
  await registry.openChart(access, resolved, signal);
  expect(server.requests.filter(({ path }) => path === "/web-2.0.0.tgz")).toHaveLength(1);
});

it("what a registry gives must have the digest that it was asked for", async () => {
  const server = disposeLater(await startWebServer());
  const registry = await startTestRegistry();
  const access = oci(`127.0.0.1:${server.port}`);
  const archive = packChart("web", "1.0.0");
  const layer = {
    mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
    digest: `sha256:${sha256(archive)}`,
    size: archive.length,
  };
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, layers: [layer] }));
  const other = `sha256:${"0".repeat(64)}`;
  server.set(
    "/v2/web/manifests/1.0.0",
    (_request, response) => void response.writeHead(200, { "docker-content-digest": other }).end(manifest),
  );
  server.set("/v2/web/manifests/2.0.0", manifest);
  server.set(`/v2/web/manifests/${other}`, manifest);
  server.set(`/v2/web/blobs/${layer.digest}`, packChart("web", "6.6.6"));
  const fetch = async (version: string) =>
    await failureOf(fetchChart(registry, access, { name: "web", version }));
  expect(await fetch("1.0.0")).toMatch(
    /^CHART_INVALID: .* the manifest has the digest sha256:.* instead of "sha256:0/,
  );
  expect(await fetch("2.0.0")).toMatch(/^CHART_INVALID: .* the layer has the digest sha256:/);
  const open = registry.openChart(access, { name: "web", version: "1.0.0", digest: other }, signal);
  expect(await failureOf(open)).toMatch(/^CHART_INVALID: .* the manifest has the digest sha256:/);
});

// Class: guessing and floods.
it("archives, manifests and files are read no further than their limits, and bombs are not unpacked", async () => {
  const server = disposeLater(await startWebServer());
  const limits = {
    maxArchiveBytes: MiB,
    maxUnpackedBytes: 4 * MiB,
    maxDocumentBytes: MiB,
    maxFileBytes: MiB,
  };
  const registry = await startTestRegistry({ limits });
  const publish = (name: string, archive: Buffer): void => {
    publishCharts(server, `/${name}`, [{ name: "web", version: "1.0.0", digest: sha256(archive) }]);
    server.set(`/${name}/web-1.0.0.tgz`, archive);
  };
  publish("large", Buffer.alloc(2 * MiB));
  publish("bomb", gzipSync(packTar([{ path: "web/Chart.yaml", content: Buffer.alloc(64 * MiB) }])));
  server.set("/v2/web/manifests/1.0.0", Buffer.alloc(2 * MiB));
  server.set("/values.yaml", Buffer.alloc(2 * MiB));
  const chart = { name: "web", version: "1.0.0" };
  const failures = [
    await failureOf(fetchChart(registry, helm(`${server.url}/large`), chart)),
    await failureOf(fetchChart(registry, helm(`${server.url}/bomb`), chart)),
    await failureOf(registry.resolveChart(oci(`127.0.0.1:${server.port}`), chart, now)),
    await failureOf(registry.openFile(helm(`${server.url}/values.yaml`, { kind: "file" }), now)),
  ];
  expect(
    failures.map((failure) => failure.replace(/(CHART_\w+): .*?(the \w+ (?:has|unpacks))/, "$1: $2")),
  ).toEqual([
    "CHART_TOO_LARGE: the archive has more than the 1048576 bytes that are allowed; make it smaller or raise the limit",
    "CHART_TOO_LARGE: the archive unpacks to more than the 4194304 bytes that are allowed; make it smaller or raise the limit",
    "CHART_TOO_LARGE: the manifest has more than the 1048576 bytes that are allowed; make it smaller or raise the limit",
    "CHART_TOO_LARGE: the file has more than the 1048576 bytes that are allowed; make it smaller or raise the limit",
  ]);
});

// Class: secrets told.
it("no message tells a password, a token or a signature", async () => {
  const server = disposeLater(await startWebServer());
  server.setDefault((_request, response) => void response.writeHead(500).end("s3cret-pass tok-123"));
  const registry = await startTestRegistry();
  const basic = { kind: "basic", username: "ada", password: "s3cret-pass" } as const;
  const chart = { name: "web", version: "1.0.0" };
  const failures = [
    await failureOf(registry.resolveChart(helm(server.url, { credentials: basic }), chart, now)),
    await failureOf(
      registry.resolveChart(oci(`127.0.0.1:${server.port}`, { credentials: basic }), chart, now),
    ),
    await failureOf(registry.openFile(helm(`${server.url}/f?sig=s3cret-pass`, { kind: "file" }), now)),
    await failureOf(
      registry.resolveChart(
        helm(server.url, { proxyUrl: "socks9://u:s3cret-pass@h:1", noProxy: "" }),
        chart,
        now,
      ),
    ),
  ];
  expect(failures.filter((failure) => /s3cret|tok-123/.test(failure))).toEqual([]);
});
