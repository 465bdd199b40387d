import { expect, it } from "vitest";
import type { RegistryAccess } from "#core/repo/index.ts";
import { createCertificateAuthority } from "#embedded/tls/certificates.ts";
import {
  packChart,
  publishCharts,
  redirectTo,
  sha256,
  startWebServer,
} from "#test/registry-servers/index.ts";
import {
  disposeLater,
  failureOf,
  fetchChart,
  helm,
  now,
  oci,
  startTestRegistry,
  textsOf,
} from "./fixture.ts";
import { startTestProxy } from "./proxy.ts";

const refused = /^CHART_REFUSED: .* is an internal address, and only the repository's own host may be at one/;

function file(url: string, more: Partial<RegistryAccess> = {}): RegistryAccess {
  return helm(url, { kind: "file", mayBeInternal: false, ...more });
}

// Class: requests to inside.
it("a redirect to an internal address is refused, however it is written", async () => {
  const [server, secret] = [disposeLater(await startWebServer()), disposeLater(await startWebServer())];
  secret.setDefault("secret: 1\n");
  const registry = await startTestRegistry();
  const { port } = secret;
  const targets = [
    // Another port of the repository's own host is another server.
    `http://127.0.0.1:${port}/x`,
    `http://localhost:${port}/x`,
    `http://[::1]:${port}/x`,
    `http://[::ffff:127.0.0.1]:${port}/x`,
    `http://2130706433:${port}/x`,
    `http://0x7f.1:${port}/x`,
    `http://0.0.0.0:${port}/x`,
    "http://169.254.169.254/latest/meta-data",
    "http://[fd00:ec2::254]/latest/meta-data",
    "http://10.0.0.1/x",
    "http://192.168.0.1/x",
  ];
  for (const [i, target] of targets.entries()) {
    server.set(`/${i}/index.yaml`, redirectTo(target));
    const work = registry.resolveChart(helm(`${server.url}/${i}`), { name: "web", version: "" }, now);
    expect([target, await failureOf(work)]).toEqual([target, expect.stringMatching(refused)]);
  }
  expect(secret.requests).toEqual([]);
});

// Class: requests to inside.
it("the metadata address is refused even as a repository of its own", async () => {
  const registry = await startTestRegistry({ internalHosts: ["169.254.169.254"] });
  const resolve = async (access: RegistryAccess) =>
    await failureOf(registry.resolveChart(access, { name: "web", version: "1.0.0" }, now));
  expect(await resolve(helm("http://169.254.169.254/charts"))).toMatch(refused);
  expect(await resolve(oci("169.254.169.254/charts"))).toMatch(refused);
  expect(await resolve(helm("http://0.0.0.0:1/charts"))).toMatch(refused);
});

it("a file of an internal host is read only where a repository of that host is configured", async () => {
  const server = disposeLater(await startWebServer());
  server.set("/values%20a.yaml?token=abc", "a: 1\n");
  const registry = await startTestRegistry();
  const url = `${server.url}/values%20a.yaml?token=abc`;
  expect(await failureOf(registry.openFile(file(url), now), { HOST: new URL(url).host })).toBe(
    "CHART_REFUSED: file http://HOST/values%20a.yaml?…: 127.0.0.1 is an internal address, and only the repository's own host may be at one; use the final public URL, or permit the host with MOORING_REGISTRY_INTERNAL_HOSTS",
  );
  expect(server.requests).toEqual([]);
  const tree = await registry.openFile(file(url, { mayBeInternal: true }), now);
  expect(await textsOf(tree)).toEqual({ "values a.yaml": "a: 1\n" });
  expect(tree.revision).toBe(`sha256:${sha256(Buffer.from("a: 1\n"))}`);
  expect(server.requests.map(({ authorization, status }) => [authorization, status])).toEqual([
    [undefined, 200],
  ]);
  await registry.openFile(file(url, { mayBeInternal: true }), now);
  expect(server.requests.map(({ status }) => status)).toEqual([200, 304]);
});

it("a proxy is not asked for internal addresses either", async () => {
  const proxy = disposeLater(await startTestProxy("charts.test:80", 1));
  const registry = await startTestRegistry();
  const open = async (url: string, proxyUrl: string = proxy.url) =>
    await failureOf(registry.openFile(file(url, { proxyUrl }), now));
  for (const url of ["http://169.254.169.254/x", "http://10.0.0.1/x", "http://a.localhost/x"]) {
    expect([url, await open(url)]).toEqual([url, expect.stringMatching(refused)]);
  }
  expect(proxy.connects).toEqual([]);
  expect(await open("http://a.test/x", "http://ada:s3cret@")).toBe(
    "CHART_UNREACHABLE: file http://a.test/x: a.test: no answer (the proxy's URL cannot be read; correct the repository's proxy)",
  );
});

it("a redirect to the same server keeps the credentials, one to another loses them", async () => {
  const [server, other] = [disposeLater(await startWebServer()), disposeLater(await startWebServer())];
  publishCharts(other, "", [{ name: "web", version: "1.0.0" }]);
  server.set("/index.yaml", redirectTo("/moved/index.yaml"));
  server.set("/moved/index.yaml", redirectTo(`http://localhost:${other.port}/index.yaml`));
  server.set("/web-1.0.0.tgz", packChart("web", "1.0.0"));
  const registry = await startTestRegistry({ internalHosts: ["localhost"] });
  const access = helm(server.url, { credentials: { kind: "bearer", token: "tok-1" }, passCredentials: true });
  expect((await fetchChart(registry, access, { name: "web", version: "" }))["version"]).toBe("1.0.0");
  expect(server.requests.map(({ authorization }) => authorization)).toEqual([
    "Bearer tok-1",
    "Bearer tok-1",
    "Bearer tok-1",
  ]);
  expect(other.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
});

it("a redirect from https to http, to no address, or in a circle is refused", async () => {
  const tls = createCertificateAuthority("charts");
  const [server, plain] = [disposeLater(await startWebServer({ tls })), disposeLater(await startWebServer())];
  server.set("/down/index.yaml", redirectTo(`http://127.0.0.1:${plain.port}/index.yaml`));
  server.set("/file/index.yaml", redirectTo("file:///etc/passwd"));
  server.set("/circle/index.yaml", redirectTo("/circle/index.yaml"));
  const registry = await startTestRegistry({ internalHosts: ["127.0.0.1"] });
  const tell = async (path: string) => {
    const access = helm(`${server.url}${path}`, { caCertificates: tls.certificate });
    return await failureOf(registry.resolveChart(access, { name: "web", version: "" }, now), {
      PLAIN: plain.port,
      PORT: server.port,
    });
  };
  expect([await tell("/down"), await tell("/file"), await tell("/circle")]).toMatchInlineSnapshot(`
    [
      "CHART_REFUSED: repository https://127.0.0.1:PORT/down: index: 127.0.0.1:PORT redirects from https to http at 127.0.0.1:PLAIN; use the final URL",
      "CHART_REFUSED: repository https://127.0.0.1:PORT/file: index: 127.0.0.1:PORT redirects to what is no HTTP address; use the final URL",
      "CHART_REFUSED: repository https://127.0.0.1:PORT/circle: index: more than 10 redirects; use the final URL",
    ]
  `);
  expect([server.requests.length, plain.requests.length]).toEqual([13, 0]);
});

it("a client certificate is shown to the repository's own server only", async () => {
  const tls = createCertificateAuthority("charts");
  const [server, other] = [
    disposeLater(await startWebServer({ tls })),
    disposeLater(await startWebServer({ tls })),
  ];
  publishCharts(other, "", [{ name: "web", version: "1.0.0" }]);
  publishCharts(server, "", [
    { name: "web", version: "1.0.0", urls: [`https://localhost:${other.port}/web-1.0.0.tgz`] },
  ]);
  const { certificate, key } = tls.issue({ subject: { commonName: "mooring" }, usage: "client" });
  const registry = await startTestRegistry({ internalHosts: ["localhost"] });
  const access = helm(server.url, {
    credentials: { kind: "tls", certificate, key },
    caCertificates: tls.certificate,
  });
  expect((await fetchChart(registry, access, { name: "web", version: "" }))["version"]).toBe("1.0.0");
  const certified = [server, other].map(({ requests }) => requests.map((request) => request.certified));
  expect(certified).toEqual([[true], [false]]);
  const insecure = helm(server.url, { insecureSkipVerify: true });
  expect(await failureOf(fetchChart(registry, insecure, { name: "web", version: "" }))).toMatch(
    /^CHART_UNTRUSTED: /,
  );
});

it("a token service at an internal address is asked only when the registry is at one, and never over http for https", async () => {
  const tls = createCertificateAuthority("registry");
  const [secure, tokens] = [
    disposeLater(await startWebServer({ tls })),
    disposeLater(await startWebServer()),
  ];
  const challenge = `Bearer realm="${tokens.url}/token",service="x"`;
  secure.setDefault(
    (_request, response) => void response.writeHead(401, { "www-authenticate": challenge }).end(),
  );
  const registry = await startTestRegistry();
  const access = oci(`127.0.0.1:${secure.port}`, {
    forceHttp: false,
    caCertificates: tls.certificate,
    credentials: { kind: "basic", username: "ci", password: "s3cret-pass" },
  });
  expect(await failureOf(registry.resolveChart(access, { name: "web", version: "1.0.0" }, now))).toMatch(
    /^CHART_REFUSED: .* over http; credentials are not sent from https to http$/,
  );
  expect(tokens.requests).toEqual([]);
});
