import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCertificateAuthority } from "#embedded/tls/certificates.ts";
import { callApi, controlPlane } from "#test/control-plane/fixture.ts";
import { createRepository, startGitHttpServer, startGitSshServer } from "#test/git-servers/index.ts";
import {
  packChart,
  chartOf,
  publishCharts,
  startDockerRegistry,
  startWebServer,
} from "#test/registry-servers/index.ts";
import { startController } from "./controller.ts";
import { startCli } from "./run.ts";
import type { TestCli } from "./run.ts";

const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {color: blue}\n";

function disposeLater<T extends AsyncDisposable>(resource: T): T {
  onTestFinished(async () => await resource[Symbol.asyncDispose]());
  return resource;
}

/** Fills one of the ConfigMaps that the install brought. */
async function fillConfigMap(cli: TestCli, name: string, data: Readonly<Record<string, string>>) {
  await callApi(controlPlane(), {
    method: "PATCH",
    path: `/api/v1/namespaces/${cli.namespace}/configmaps/${name}`,
    contentType: "application/merge-patch+json",
    body: { data },
  });
}

/** Creates, syncs and waits; what `app wait` said. */
async function deploy(cli: TestCli, url: string) {
  const place = ["--dest-name", "in-cluster", "--dest-namespace", cli.namespace];
  const created = await cli.run("app", "create", "web", "--repo", url, "--path", "web", ...place);
  expect(created).toMatchObject({ code: 0, err: "" });
  const synced = await cli.run("app", "sync", "web", "--timeout", "60");
  expect(synced).toMatchObject({ code: 0, err: "" });
  return cli.run("app", "wait", "web", "--health", "--sync", "--timeout", "60");
}

describe("the main job on a repository", () => {
  it("behind HTTPS with a password and a certificate authority of its own", async () => {
    const cli = await startCli("repositories");
    await (await createRepository(join(cli.directory, "shop.git"))).commit({ "web/all.yaml": manifest });
    const tls = createCertificateAuthority("shop");
    const auth = { kind: "basic", username: "ci", password: "s3cret-pass" } as const;
    const server = disposeLater(await startGitHttpServer({ root: cli.directory, tls, auth }));
    await fillConfigMap(cli, "argocd-tls-certs-cm", { "127.0.0.1": tls.certificate });
    startController(cli);
    const url = `${server.url}/shop.git`;

    const refused = await cli.run(
      "app",
      "create",
      "web",
      "--repo",
      url,
      "--path",
      "web",
      "--dest-name",
      "in-cluster",
    );
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain("credentials");

    const add = ["repo", "add", url, "--username", "ci", "--password-stdin"];
    expect(await cli.runWith({ input: "s3cret-pass\n" }, ...add)).toMatchObject({ code: 0, err: "" });
    expect(await deploy(cli, url)).toMatchObject({ code: 0, err: "" });
    expect((await cli.run("repo", "list")).out).not.toContain("s3cret-pass");
  });

  it("behind SSH with a key and a known host", async () => {
    const cli = await startCli("repositories");
    const path = join(cli.directory, "shop.git");
    await (await createRepository(path)).commit({ "web/all.yaml": manifest });
    const server = disposeLater(await startGitSshServer({ directory: join(cli.directory, "sshd") }));
    await fillConfigMap(cli, "argocd-ssh-known-hosts-cm", { ssh_known_hosts: server.knownHosts });
    const key = join(cli.directory, "id");
    await writeFile(key, server.privateKey, { mode: 0o600 });
    startController(cli);
    const url = `${server.url}${path}`;

    const added = await cli.run("repo", "add", url, "--ssh-private-key-path", key);
    expect(added).toMatchObject({ code: 0, err: "" });
    expect(await deploy(cli, url)).toMatchObject({ code: 0, err: "" });
  });
});

describe("chart repositories", () => {
  it("are added once they answer, listed with their kind, and removed", async () => {
    const cli = await startCli("repositories");
    const server = disposeLater(await startWebServer({ authorization: `Basic ${btoa("ci:s3cret-pass")}` }));
    publishCharts(server, "/stable", [{ name: "web", version: "1.0.0" }]);
    const registry = disposeLater(await startDockerRegistry({ directory: cli.directory, auth: "basic" }));
    await registry.push("charts/web", "1.0.0", chartOf(packChart("web", "1.0.0")));
    const login = ["--username", "ci", "--password-stdin"];
    const add = async (password: string, ...words: readonly string[]) => {
      const { code, out, err } = await cli.runWith(
        { input: `${password}\n` },
        "repo",
        "add",
        ...words,
        ...login,
      );
      return `${code} ${out}${err}`
        .trim()
        .replaceAll(server.url, "http://SERVER")
        .replaceAll(registry.host, "HOST");
    };
    const helm = [`${server.url}/stable`, "--type", "helm", "--name", "stable"];
    const old = [
      `${registry.host}/charts`,
      "--type",
      "helm",
      "--name",
      "old",
      "--enable-oci",
      "--insecure-oci-force-http",
    ];
    const oci = [`oci://${registry.host}/charts/web`, "--type", "oci", "--insecure-oci-force-http"];

    expect(await add("wrong", ...helm)).toMatch(/^20 .*index: .* refuses the credentials/);
    expect(await add("wrong", ...old)).toMatch(/^20 .*registry oci:.* refuses the credentials/);
    expect([
      await add("s3cret-pass", ...helm),
      await add("s3cret-pass", ...old),
      await add("s3cret-pass", ...oci),
      await add("", `${server.url}/stable`, "--type", "helm"),
      await add("", `oci://${registry.host}/x`, "--type", "helm", "--name", "x"),
      await add("", server.url, "--type", "oci"),
      await add("", server.url, "--enable-oci"),
    ]).toEqual([
      "0 Repository 'http://SERVER/stable' added",
      "0 Repository 'HOST/charts' added",
      "0 Repository 'oci://HOST/charts/web' added",
      expect.stringContaining("repository http://SERVER/stable: a Helm repository needs a name"),
      expect.stringContaining("repository oci://HOST/x: is a registry"),
      expect.stringContaining("repository http://SERVER: a registry's URL begins with oci://"),
      expect.stringContaining("repository http://SERVER: --enable-oci goes with --type helm"),
    ]);
    const { out } = await cli.run("repo", "list", "-o", "json");
    const listed = JSON.parse(out) as readonly Readonly<Record<string, unknown>>[];
    expect(
      listed.map(({ type, name, enableOci, status, message }) => [type, name, enableOci, status, message]),
    ).toEqual([
      ["helm", "old", true, "Successful", ""],
      ["helm", "stable", false, "Successful", ""],
      ["oci", "", true, "Successful", ""],
    ]);
    expect((await cli.run("repo", "rm", `${registry.host}/charts`, `${server.url}/stable`)).code).toBe(0);
    expect((await cli.run("repo", "list", "-o", "url")).out).toBe(`oci://${registry.host}/charts/web\n`);
  });
});
