import { join } from "node:path";
import { expect, it } from "vitest";
import type { AppProject } from "#core/project/index.ts";
import type { RepositoryConfig, RepositorySettings } from "#core/repo/index.ts";
import { createSourceFetcher, projectAccess } from "#engine/source-fetcher.ts";
import { startGitStore } from "#git/index.ts";
import { systemClock } from "#runtime/clock.ts";
import { createRepository, startGitHttpServer } from "#test/git-servers/index.ts";
import { packChart, publishCharts, sha256, startWebServer } from "#test/registry-servers/index.ts";
import { createDirectory, disposeLater, signal, startTestRegistry, textsOf } from "./fixture.ts";

function settings(url: string, more: Partial<RepositorySettings>): RepositorySettings {
  const flags = { insecure: false, enableLfs: false, enableOci: false, forceHttp: false };
  return {
    secret: "Secret/argocd/x",
    url,
    type: "helm",
    project: "",
    fields: { username: "ci", password: "p" },
    ...flags,
    ...more,
  };
}

function projectOf(...sourceRepos: readonly string[]): AppProject {
  const metadata = { name: "shop", namespace: "argocd" };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata,
    spec: { sourceRepos: [...sourceRepos] },
  };
}

it("brings what a source refers to, with credentials only for what the project permits", async () => {
  const directory = await createDirectory();
  const commit = await (await createRepository(join(directory, "base.git"))).commit({ "a.yaml": "a: 1\n" });
  const gitServer = disposeLater(await startGitHttpServer({ root: directory }));
  const server = disposeLater(await startWebServer());
  publishCharts(server, "/charts", [{ name: "web", version: "1.0.0" }]);
  server.set("/values.yaml", "b: 2\n");
  const git = disposeLater(
    await startGitStore({ directory: join(directory, "git"), clock: systemClock, signal }),
  );
  const registry = await startTestRegistry();
  const repository = `${server.url}/charts`;
  const config: RepositoryConfig = {
    repositories: [settings(repository, { name: "stable" })],
    templates: [],
  };
  const fetcher = (...sourceRepos: readonly string[]) => {
    const access = projectAccess(projectOf(...sourceRepos), config, { passCredentials: false });
    return createSourceFetcher({ git, registry, access, maxAgeMs: 0 });
  };
  const permitted = fetcher("*");
  const bring = async (source: Parameters<typeof permitted.fetch>[0], from = permitted) => {
    const { id, tree } = await from.fetch(source, signal);
    expect(await from.resolve(source, signal)).toMatchObject({ id });
    return { id, files: await textsOf(tree) };
  };
  const chart = {
    id: `sha256:${sha256(packChart("web", "1.0.0"))}`,
    files: { "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n" },
  };

  expect(await bring({ kind: "git", url: `${gitServer.url}/base.git`, revision: "" })).toEqual({
    id: commit,
    files: { "a.yaml": "a: 1\n" },
  });
  const onDisk = { kind: "git", url: `file://${join(directory, "base.git")}`, revision: "" } as const;
  await expect(permitted.fetch(onDisk, signal)).rejects.toMatchObject({
    code: "GIT_INVALID",
    message: expect.stringContaining("own disk is not read") as string,
  });
  expect(await bring({ kind: "chart", repository, name: "web", version: "^1" })).toEqual(chart);
  expect(await bring({ kind: "chart", repository: "@stable", name: "web", version: "" })).toEqual(chart);
  expect(await bring({ kind: "file", url: `${server.url}/values.yaml` })).toEqual({
    id: `sha256:${sha256(Buffer.from("b: 2\n"))}`,
    files: { "values.yaml": "b: 2\n" },
  });
  expect(
    server.requests
      .filter(({ path }) => path.startsWith("/charts"))
      .every(({ authorization }) => authorization !== undefined),
  ).toBe(true);

  const before = server.requests.length;
  const other = fetcher("https://elsewhere.com/*");
  expect(await bring({ kind: "chart", repository: "@stable", name: "web", version: "" }, other)).toEqual(
    chart,
  );
  expect(server.requests.slice(before).map(({ authorization }) => authorization)).not.toContain(
    "Basic Y2k6cA==",
  );
});
