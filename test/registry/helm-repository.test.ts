import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { createCertificateAuthority } from "#embedded/tls/certificates.ts";
import { packChart, publishCharts, sha256, startWebServer } from "#test/registry-servers/index.ts";
import type { WebServer } from "#test/registry-servers/index.ts";
import {
  disposeLater,
  failureOf,
  fetchChart,
  helm,
  now,
  signal,
  startTestRegistry,
  textsOf,
} from "./fixture.ts";
import { startTestProxy } from "./proxy.ts";

const basic = { kind: "basic", username: "ada", password: "s3cret-pass" } as const;
const basicHeader = `Basic ${Buffer.from("ada:s3cret-pass").toString("base64")}`;
const chartYaml = (version: string) => `apiVersion: v2\nname: web\nversion: ${version}\n`;

function seenBy(server: WebServer): readonly string[] {
  return server.requests.map(({ path, status }) => `${path} ${status}`);
}

it("gives the highest version of a range, and the files of the chart without its directory", async () => {
  const server = disposeLater(await startWebServer());
  publishCharts(server, "/stable", [
    { name: "other", version: "9.0.0" },
    { name: "web", version: "1.2.0", files: { "templates/a.yaml": "a: 1\n" } },
    { name: "web", version: "1.10.0", files: { "templates/a.yaml": "a: 2\n" } },
    { name: "web", version: "2.0.0-rc.1" },
  ]);
  const registry = await startTestRegistry();
  const access = helm(`${server.url}/stable/`);

  expect(await fetchChart(registry, access, { name: "web", version: "1.x" })).toEqual({
    version: "1.10.0",
    "Chart.yaml": chartYaml("1.10.0"),
    "templates/a.yaml": "a: 2\n",
  });
  const resolve = async (version: string) =>
    (await registry.resolveChart(access, { name: "web", version }, now)).version;
  expect([
    await resolve(""),
    await resolve("1.2.0"),
    await resolve("v1.2.0"),
    await resolve(">=2.0.0-0"),
  ]).toEqual(["1.10.0", "1.2.0", "1.2.0", "2.0.0-rc.1"]);
  expect((await registry.readVersions(access, "web", now)).map(({ version }) => version)).toEqual([
    "2.0.0-rc.1",
    "1.10.0",
    "1.2.0",
  ]);
  expect(await registry.listCharts(access, now)).toContainEqual({
    name: "web",
    versions: ["2.0.0-rc.1", "1.10.0", "1.2.0"],
  });
  const resolved = await registry.resolveChart(access, { name: "web", version: "1.2.0" }, now);
  const archive = packChart("web", "1.2.0", { "templates/a.yaml": "a: 1\n" });
  expect(resolved).toEqual({ name: "web", version: "1.2.0", digest: `sha256:${sha256(archive)}` });
  const tree = await registry.openChart(access, resolved, signal);
  expect(tree.revision).toBe(resolved.digest);
});

it("asks for an index once for all, again only when it is old, and fetches it only when it changed", async () => {
  const server = disposeLater(await startWebServer());
  publishCharts(server, "", [{ name: "web", version: "1.0.0" }]);
  const registry = await startTestRegistry();
  const access = helm(server.url);
  const resolve = async (maxAgeMs: number) =>
    (await registry.resolveChart(access, { name: "web", version: "" }, { maxAgeMs, signal })).version;

  expect(await Promise.all([resolve(0), resolve(60_000), resolve(60_000)])).toEqual([
    "1.0.0",
    "1.0.0",
    "1.0.0",
  ]);
  expect(await resolve(60_000)).toBe("1.0.0");
  expect(seenBy(server)).toEqual(["/index.yaml 200"]);
  expect(await resolve(0)).toBe("1.0.0");
  publishCharts(server, "", [{ name: "web", version: "1.1.0" }]);
  expect(await resolve(0)).toBe("1.1.0");
  expect(seenBy(server)).toEqual(["/index.yaml 200", "/index.yaml 304", "/index.yaml 200"]);
});

it("opens a chart that it fetched before after a restart without the repository", async () => {
  const server = await startWebServer();
  publishCharts(server, "", [{ name: "web", version: "1.0.0" }]);
  const access = helm(server.url);
  const first = await startTestRegistry();
  const resolved = await first.resolveChart(access, { name: "web", version: "" }, now);
  await first.openChart(access, resolved, signal);
  await server[Symbol.asyncDispose]();

  expect(await textsOf(await first.openChart(access, resolved, signal))).toEqual({
    "Chart.yaml": chartYaml("1.0.0"),
  });
  expect(
    await failureOf(first.resolveChart(access, { name: "web", version: "" }, now), { PORT: server.port }),
  ).toBe(
    "CHART_UNREACHABLE: repository http://127.0.0.1:PORT: index: 127.0.0.1:PORT: nothing listens there; check the address",
  );
});

it("finds charts at relative and absolute URLs, and tries the next one when one fails", async () => {
  const [server, mirror] = [disposeLater(await startWebServer()), disposeLater(await startWebServer())];
  const elsewhere = `http://localhost:${mirror.port}`;
  const urls = (...list: string[]) => ({ urls: list });
  publishCharts(mirror, "/files", [{ name: "web", version: "3.0.0" }]);
  publishCharts(server, "/a", [
    { name: "web", version: "1.0.0", ...urls("web-1.0.0.tgz") },
    { name: "web", version: "2.0.0", ...urls("/a/web-2.0.0.tgz") },
    { name: "web", version: "3.0.0", ...urls(`${server.url}/gone.tgz`, `${elsewhere}/files/web-3.0.0.tgz`) },
    { name: "web", version: "4.0.0", ...urls("gone.tgz", "ftp://a/b.tgz") },
    { name: "web", version: "5.0.0", ...urls() },
  ]);
  const registry = await startTestRegistry({ internalHosts: ["localhost"] });
  const access = helm(`${server.url}/a`, { credentials: basic });
  const fetch = async (version: string) => await fetchChart(registry, access, { name: "web", version });

  for (const version of ["1.0.0", "2.0.0", "3.0.0"]) {
    expect(await fetch(version)).toEqual({ version, "Chart.yaml": chartYaml(version) });
  }
  expect([
    await failureOf(fetch("4.0.0"), { PORT: server.port }),
    await failureOf(fetch("5.0.0"), { PORT: server.port }),
  ]).toEqual([
    "CHART_NOT_FOUND: repository http://127.0.0.1:PORT/a: chart web 4.0.0: 127.0.0.1:PORT does not have it (status 404); check the URL, the name and the version",
    "CHART_INVALID: repository http://127.0.0.1:PORT/a: chart web 5.0.0: the index names no URL for it that could be used; publish the index anew",
  ]);
  expect(new Set(server.requests.map(({ authorization }) => authorization))).toEqual(new Set([basicHeader]));
  expect(mirror.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
  const passing = { ...access, passCredentials: true };
  await fetchChart(registry, passing, { name: "web", version: "3.0.0" });
  expect(mirror.requests.map(({ authorization }) => authorization)).toEqual([undefined, basicHeader]);
});

it("reads a repository over HTTPS with its own authority, a password or a client certificate", async () => {
  const tls = createCertificateAuthority("charts");
  const withPassword = disposeLater(await startWebServer({ tls, authorization: basicHeader }));
  const withToken = disposeLater(await startWebServer({ authorization: "Bearer tok-123" }));
  const withCertificate = disposeLater(await startWebServer({ tls, certificates: true }));
  for (const server of [withPassword, withToken, withCertificate]) {
    publishCharts(server, "", [{ name: "web", version: "1.0.0" }]);
  }
  const registry = await startTestRegistry();
  const trusted = { caCertificates: tls.certificate };
  const tell = async (access: ReturnType<typeof helm>) => {
    const { host } = new URL(access.url);
    return await failureOf(
      fetchChart(registry, access, { name: "web", version: "" }).then(({ version }) => version),
      { HOST: host },
    );
  };
  const { certificate, key } = tls.issue({ subject: { commonName: "mooring" }, usage: "client" });
  expect({
    password: await tell(helm(withPassword.url, { ...trusted, credentials: basic })),
    insecure: await tell(helm(withPassword.url, { insecureSkipVerify: true, credentials: basic })),
    token: await tell(helm(withToken.url, { credentials: { kind: "bearer", token: "tok-123" } })),
    certificate: await tell(
      helm(withCertificate.url, { ...trusted, credentials: { kind: "tls", certificate, key } }),
    ),
    "unknown authority": await tell(helm(withPassword.url, { credentials: basic })),
    "wrong password": await tell(
      helm(withPassword.url, { ...trusted, credentials: { ...basic, password: "no" } }),
    ),
    "no certificate": await tell(helm(withCertificate.url, trusted)),
  }).toMatchInlineSnapshot(`
    {
      "certificate": "succeeded with "1.0.0"",
      "insecure": "succeeded with "1.0.0"",
      "no certificate": "CHART_AUTH: repository https://HOST: index: HOST refuses the credentials, or needs some (status 401); check the repository's Secret",
      "password": "succeeded with "1.0.0"",
      "token": "succeeded with "1.0.0"",
      "unknown authority": "CHART_UNTRUSTED: repository https://HOST: index: the certificate of HOST chains to an unknown authority; add its CA to argocd-tls-certs-cm",
      "wrong password": "CHART_AUTH: repository https://HOST: index: HOST refuses the credentials, or needs some (status 401); check the repository's Secret",
    }
  `);
});

it("reads compressed indexes and says what is wrong with others", async () => {
  const server = disposeLater(await startWebServer());
  publishCharts(server, "", [{ name: "web", version: "1.0.0" }]);
  const index = 'apiVersion: v1\nentries:\n  web:\n  - version: 1.0.0\n    urls: ["/web-1.0.0.tgz"]\n';
  server.set("/packed/index.yaml", (_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(index));
  });
  server.set("/damaged/index.yaml", (_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end("entries:");
  });
  server.set("/page/index.yaml", "<html>login</html>");
  server.set("/empty/index.yaml", "");
  const registry = await startTestRegistry();
  const find = async (path: string, name = "web", version = "") =>
    await failureOf(
      registry.resolveChart(helm(`${server.url}${path}`), { name, version }, now).then((one) => one.version),
      { HOST: new URL(server.url).host },
    );
  expect({
    packed: await find("/packed"),
    damaged: await find("/damaged"),
    page: await find("/page"),
    empty: await find("/empty"),
    "no index": await find("/none"),
    "no such chart": await find("", "wob"),
    "no such version": await find("", "web", ">1"),
    "no version at all": await find("", "web", "new\nest"),
  }).toMatchInlineSnapshot(`
    {
      "damaged": "CHART_INVALID: repository http://HOST/damaged: index: the index is damaged: it says that it is gzip and is not",
      "empty": "CHART_INVALID: repository http://HOST/empty: chart "web": what the repository gives as index.yaml is no index of charts; correct the URL",
      "no index": "CHART_NOT_FOUND: repository http://HOST/none: index: HOST does not have it (status 404); check the URL, the name and the version",
      "no such chart": "CHART_NOT_FOUND: repository http://HOST: chart "wob": the repository has no chart of this name; correct spec.source.chart",
      "no such version": "CHART_NOT_FOUND: repository http://HOST: chart "web": no version matches ">1"; correct spec.source.targetRevision (pre-releases match only a range that has one, such as ">=1.0.0-0")",
      "no version at all": "CHART_NOT_FOUND: repository http://HOST: chart "web": no version matches "new\\nest"; correct spec.source.targetRevision (pre-releases match only a range that has one, such as ">=1.0.0-0")",
      "packed": "succeeded with "1.0.0"",
      "page": "CHART_INVALID: repository http://HOST/page: chart "web": what the repository gives as index.yaml is no index of charts; correct the URL",
    }
  `);
  const test = async (path: string) =>
    await failureOf(registry.test(helm(`${server.url}${path}`), signal), { HOST: new URL(server.url).host });
  expect([await test(""), await test("/page"), await test("/none")]).toMatchInlineSnapshot(`
    [
      "succeeded with undefined",
      "CHART_INVALID: repository http://HOST/page: what it gives as index.yaml is no index of charts; correct the URL, or use --type git or oci",
      "CHART_NOT_FOUND: repository http://HOST/none: index: HOST does not have it (status 404); check the URL, the name and the version",
    ]
  `);
});

it("goes through the repository's proxy, but not for hosts that are exempt", async () => {
  const server = disposeLater(await startWebServer());
  publishCharts(server, "", [{ name: "web", version: "1.0.0" }]);
  const proxy = disposeLater(await startTestProxy("charts.test:80", server.port));
  const registry = await startTestRegistry({ environment: { HTTP_PROXY: proxy.url } });
  const proxyUrl = proxy.url.replace("http://", "http://ada:pass@");
  const resolve = async (more: object) =>
    await failureOf(
      registry
        .resolveChart(helm("http://charts.test", more), { name: "web", version: "" }, now)
        .then((one) => one.version),
    );
  expect(await resolve({ proxyUrl })).toBe('succeeded with "1.0.0"');
  expect(await resolve({})).toBe('succeeded with "1.0.0"');
  expect(proxy.connects).toEqual(["charts.test:80 Basic YWRhOnBhc3M=", "charts.test:80"]);
  expect(await resolve({ proxyUrl, noProxy: "test" })).toMatch(/^CHART_UNREACHABLE: .*charts\.test/);
  expect(proxy.connects).toHaveLength(2);
});
