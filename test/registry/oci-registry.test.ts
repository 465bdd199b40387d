import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type { DockerRegistry } from "#test/registry-servers/index.ts";
import {
  chartOf,
  login,
  packChart,
  packTar,
  publishCharts,
  sha256,
  startDockerRegistry,
  startWebServer,
} from "#test/registry-servers/index.ts";
import {
  createDirectory,
  disposeLater,
  failureOf,
  fetchChart,
  helm,
  now,
  oci,
  signal,
  startTestRegistry,
  textsOf,
} from "./fixture.ts";

const credentials = { kind: "basic", ...login } as const;
const chartYaml = (version: string) => `apiVersion: v2\nname: web\nversion: ${version}\n`;
const tarLayer = "application/vnd.oci.image.layer.v1.tar";

async function startRegistryServer(auth?: "basic" | "token"): Promise<DockerRegistry> {
  const directory = await createDirectory();
  return disposeLater(await startDockerRegistry({ directory, ...(auth !== undefined && { auth }) }));
}

describe("a chart in a registry", () => {
  it("is found by version and range, with build metadata in its tag, and checked by digest", async () => {
    const server = await startRegistryServer();
    const digests = new Map<string, string>();
    for (const version of ["1.2.0", "1.10.0+build.1", "2.0.0-rc.1"]) {
      const tag = version.replace("+", "_");
      digests.set(version, await server.push("team/charts/web", tag, chartOf(packChart("web", version))));
    }
    await server.push("team/charts/web", "latest", chartOf(packChart("web", "9.9.9")));
    const registry = await startTestRegistry();
    const access = oci(`${server.host}/team/charts`);

    expect(await registry.resolveChart(access, { name: "web", version: "1.x" }, now)).toEqual({
      name: "web",
      version: "1.10.0+build.1",
      digest: digests.get("1.10.0+build.1"),
    });
    expect(await fetchChart(registry, access, { name: "web", version: "" })).toEqual({
      version: "1.10.0+build.1",
      "Chart.yaml": chartYaml("1.10.0+build.1"),
    });
    expect((await fetchChart(registry, access, { name: "web", version: "1.2.0" }))["version"]).toBe("1.2.0");
    expect((await registry.readVersions(access, "web", now)).map(({ version }) => version)).toEqual([
      "2.0.0-rc.1",
      "1.10.0+build.1",
      "1.2.0",
    ]);
    // The registry's tags, with `_` for the `+` that a tag cannot have.
    expect(await registry.listTags(oci(`${access.url.slice("oci://".length)}/web`), now)).toEqual([
      "1.10.0_build.1",
      "1.2.0",
      "2.0.0-rc.1",
      "latest",
    ]);
    const fails = async (name: string, version: string) =>
      await failureOf(registry.resolveChart(access, { name, version }, now), { HOST: server.host });
    expect({
      "no such version": await fails("web", "3.0.0"),
      "no matching version": await fails("web", "^3"),
      "no such chart": await fails("none", "1.0.0"),
      "no chart in any registry": await fails("Web Shop", "1.0.0"),
      "no tag": await fails("web", "1.0.0 /x"),
    }).toMatchInlineSnapshot(`
      {
        "no chart in any registry": "CONFIG_INVALID: registry oci://HOST/team/charts: "team/charts/Web Shop" is no repository's name: names are in lower case, of letters, digits, and - _ . between them; correct repoURL or chart",
        "no matching version": "CHART_NOT_FOUND: registry oci://HOST/team/charts: chart "web": no tag matches "^3"; correct spec.source.targetRevision (pre-releases match only a range that has one, such as ">=1.0.0-0")",
        "no such chart": "CHART_NOT_FOUND: registry oci://HOST/team/charts: chart "none": HOST does not have it (status 404); check the URL, the name and the version",
        "no such version": "CHART_NOT_FOUND: registry oci://HOST/team/charts: chart "web": HOST does not have it (status 404); check the URL, the name and the version",
        "no tag": "CHART_NOT_FOUND: registry oci://HOST/team/charts: chart "web": no tag matches "1.0.0 /x"; correct spec.source.targetRevision (pre-releases match only a range that has one, such as ">=1.0.0-0")",
      }
    `);
  });

  it("opens from the disk after a restart without the registry, but only with the same credentials", async () => {
    const server = await startRegistryServer("basic");
    await server.push("web", "1.0.0", chartOf(packChart("web", "1.0.0")));
    const directory = await createDirectory();
    const first = await startTestRegistry({ directory });
    const access = oci(server.host, { credentials });
    const resolved = await first.resolveChart(access, { name: "web", version: "1.0.0" }, now);
    await first.openChart(access, resolved, signal);
    await server[Symbol.asyncDispose]();

    const second = await startTestRegistry({ directory });
    expect(await textsOf(await second.openChart({ ...access }, resolved, signal))).toEqual({
      "Chart.yaml": chartYaml("1.0.0"),
    });
    expect(await failureOf(second.openChart(oci(server.host), resolved, signal))).toMatch(
      /^CHART_UNREACHABLE: /,
    );
  });

  it("is fetched where the index of a Helm repository names a registry", async () => {
    const server = await startRegistryServer();
    const archive = packChart("web", "1.0.0");
    await server.push("charts/web", "1.0.0", chartOf(archive));
    const web = disposeLater(await startWebServer());
    const urls = [`oci://${server.host}/charts/web:1.0.0`];
    publishCharts(web, "", [{ name: "web", version: "1.0.0", urls, digest: sha256(archive) }]);
    const registry = await startTestRegistry({ internalHosts: ["127.0.0.1"] });
    const resolved = await registry.resolveChart(helm(web.url), { name: "web", version: "" }, now);
    // An index says nothing of plain HTTP, and this registry speaks nothing else.
    expect(await failureOf(registry.openChart(helm(web.url), resolved, signal), { HOST: server.host })).toBe(
      'CHART_UNREACHABLE: registry oci://HOST/charts/web: "1.0.0": HOST: it does not speak TLS; check the port and https in the URL',
    );
  });

  it("lists tags page by page", async () => {
    const web = disposeLater(await startWebServer());
    const page = (tags: readonly string[], next?: string): void => {
      const path = next === undefined ? "/v2/web/tags/list?n=1000&last=1.0.0" : "/v2/web/tags/list?n=1000";
      web.set(path, (_request, response) => {
        const link = next === undefined ? {} : { link: `<${next}>; rel="next"` };
        response.writeHead(200, link).end(JSON.stringify({ name: "web", tags }));
      });
    };
    page(["1.0.0"], "/v2/web/tags/list?n=1000&last=1.0.0");
    page(["2.0.0"]);
    const registry = await startTestRegistry();
    const access = oci(`127.0.0.1:${web.port}`);
    expect((await registry.readVersions(access, "web", now)).map(({ version }) => version)).toEqual([
      "2.0.0",
      "1.0.0",
    ]);
    page(["1.0.0"], "/v2/web/tags/list?n=1000");
    const limited = await startTestRegistry({ limits: { maxTags: 20 } });
    expect(await failureOf(limited.readVersions(access, "web", now))).toMatch(
      /^CHART_TOO_LARGE: .* more than the 20 tags/,
    );
  });

  it("whose pages of tags never end is given up, however fast each of them comes", async () => {
    const web = disposeLater(await startWebServer());
    web.set("/v2/web/tags/list?n=1000", (_request, response) => {
      response.writeHead(200, { link: `</v2/web/tags/list?n=1000>; rel="next"` });
      setTimeout(() => response.end(JSON.stringify({ name: "web", tags: ["1.0.0"] })), 20);
    });
    const registry = await startTestRegistry({ limits: { totalTimeoutMs: 500 } });
    expect(await failureOf(registry.readVersions(oci(`127.0.0.1:${web.port}`), "web", now))).toMatch(
      /^CHART_TIMEOUT: .* its tags are not all listed within 1\.5 s; check the registry, or name a tag/,
    );
  });
});

describe("an artifact in a registry", () => {
  let server: DockerRegistry;
  const host = () => server.host;
  const digests: Record<string, string> = {};

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), "mooring-oci-"));
    server = await startDockerRegistry({ directory });
    const tar = packTar([
      { path: "web/app.yaml", content: "a: 1\n" },
      { path: "base.yaml", content: "b: 1\n" },
    ]);
    digests["v1.0.0"] = await server.push("apps", "v1.0.0", [{ mediaType: tarLayer, content: tar }]);
    digests["v1.1.0"] = await server.push("apps", "v1.1.0", [
      { mediaType: `${tarLayer}+gzip`, content: gzipSync(tar) },
    ]);
    digests["latest"] = await server.push("apps", "latest", chartOf(packChart("web", "1.0.0")));
    await server.push("apps", "two", [
      { mediaType: tarLayer, content: tar },
      { mediaType: `${tarLayer}+gzip`, content: gzipSync(tar) },
    ]);
    await server.push("apps", "image", [
      { mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", content: gzipSync(tar) },
    ]);
    return async () => {
      await server[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    };
  });

  it("is resolved by tag, range and digest", async () => {
    const registry = await startTestRegistry();
    const access = oci(`${host()}/apps`);
    const resolve = async (revision: string) => await registry.resolveArtifact(access, revision, now);
    expect(await resolve("v1.0.0")).toEqual({ digest: digests["v1.0.0"], tag: "v1.0.0" });
    expect(await resolve("v1.x")).toEqual({ digest: digests["v1.1.0"], tag: "v1.1.0" });
    expect(await resolve("")).toEqual({ digest: digests["latest"], tag: "latest" });
    expect(await resolve(digests["v1.0.0"] ?? "")).toEqual({ digest: digests["v1.0.0"] });
  });

  it("gives its files, those of a chart without their directory", async () => {
    const registry = await startTestRegistry();
    const access = oci(`${host()}/apps`);
    const files = async (tag: string) => {
      const { digest } = await registry.resolveArtifact(access, tag, now);
      const tree = await registry.openArtifact(access, digest, signal);
      expect(tree.revision).toBe(digest);
      return await textsOf(tree);
    };
    const content = { "base.yaml": "b: 1\n", "web/app.yaml": "a: 1\n" };
    expect([await files("v1.0.0"), await files("v1.1.0"), await files("latest")]).toEqual([
      content,
      content,
      { "Chart.yaml": chartYaml("1.0.0") },
    ]);
  });

  it("needs exactly one layer with files", async () => {
    const registry = await startTestRegistry();
    const fails = async (tag: string) =>
      await failureOf(registry.resolveArtifact(oci(`${host()}/apps`), tag, now), { HOST: host() });
    expect([await fails("two"), await fails("image")]).toMatchInlineSnapshot(`
      [
        "CHART_INVALID: registry oci://HOST/apps: the manifest has 2 layers with files; exactly one tar, tar+gzip or Helm chart layer is needed",
        "CHART_INVALID: registry oci://HOST/apps: the manifest has only layers of "application/vnd.docker.image.rootfs.diff.tar.gzip"; exactly one tar, tar+gzip or Helm chart layer is needed",
      ]
    `);
  });
});

describe("a registry that wants a login", () => {
  it.for(["basic", "token"] as const)(
    "is read with %s authentication, and says what is wrong with it",
    async (auth) => {
      const server = await startRegistryServer(auth);
      await server.push("private/web", "1.0.0", chartOf(packChart("web", "1.0.0")));
      await server.push("public/web", "1.0.0", chartOf(packChart("web", "1.0.0")));
      const registry = await startTestRegistry();
      const tell = async (path: string, given: object) =>
        (
          await failureOf(
            fetchChart(registry, oci(`${server.host}/${path}`, given), { name: "web", version: "" }),
          )
        ).slice(0, 26);
      const test = async (given: object) =>
        (await failureOf(registry.test(oci(server.host, given), signal))).slice(0, 26);
      const wrong = { credentials: { ...credentials, password: "wrong" } };
      expect({
        right: await tell("private", { credentials }),
        wrong: await tell("private", wrong),
        none: await tell("private", {}),
        public: await tell("public", {}),
        "test right": await test({ credentials }),
        "test wrong": await test(wrong),
      }).toEqual({
        right: 'succeeded with {"version":',
        wrong: expect.stringMatching(/^CHART_AUTH: /),
        none: expect.stringMatching(/^CHART_AUTH: /),
        public: auth === "token" ? 'succeeded with {"version":' : expect.stringMatching(/^CHART_AUTH: /),
        "test right": "succeeded with undefined",
        "test wrong": expect.stringMatching(/^CHART_AUTH: /),
      });
      const scopes = server.tokens?.requests.map(({ path }) =>
        new URL(path, "http://x").searchParams.get("scope"),
      );
      expect(scopes?.includes("repository:private/web:pull")).toBe(auth === "token" ? true : undefined);
    },
  );

  it("is not sent the login again where it redirects to", async () => {
    const [front, storage] = [disposeLater(await startWebServer()), disposeLater(await startWebServer())];
    const archive = packChart("web", "1.0.0");
    const digest = `sha256:${sha256(archive)}`;
    const mediaType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
    const layers = [{ mediaType, digest, size: archive.length }];
    const manifest = JSON.stringify({ schemaVersion: 2, config: {}, layers });
    const secret = `Basic ${Buffer.from("ci:s3cret-pass").toString("base64")}`;
    front.set("/v2/web/manifests/1.0.0", (request, response) => {
      if (request.headers.authorization === secret) response.end(manifest);
      else response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end();
    });
    front.set(`/v2/web/blobs/${digest}`, (_request, response) => {
      response.writeHead(307, { location: `http://localhost:${storage.port}/blob?signature=abc` }).end();
    });
    storage.set("/blob?signature=abc", archive);
    const registry = await startTestRegistry({ internalHosts: ["localhost"] });
    const access = oci(`127.0.0.1:${front.port}`, { credentials });
    expect((await fetchChart(registry, access, { name: "web", version: "1.0.0" }))["version"]).toBe("1.0.0");
    expect(front.requests.map(({ authorization }) => authorization)).toEqual([undefined, secret, secret]);
    expect(storage.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
  });
});
