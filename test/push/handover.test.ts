import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { hubTypes } from "#engine/hub-types.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { openCli } from "../cli/run.ts";
import { startUp } from "../embedded/running-up.ts";
import { createRepository } from "../git-servers/repository.ts";
import { configMap } from "./bed.ts";

const { signal } = new AbortController();

it("an Application of the same name takes over what was pushed with nothing created anew, and then pushes are refused", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-handover-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const data = path.join(directory, "data");
  await startUp(["--data", data, "--port", "0", "--insecure"], { XDG_CACHE_HOME: directory });
  const kubeconfig = path.join(data, "kubeconfig");
  const { "current-context": context } = parse(await readFile(kubeconfig, "utf8")) as {
    readonly "current-context": string;
  };
  const { connection } = await readKubeconfig({ env: {}, path: kubeconfig });
  await using cluster = startCluster(connection, { keepFresh: false });
  const cli = openCli({ namespace: "argocd", directory }, kubeconfig);
  const repository = await createRepository(path.join(directory, "repository.git"));
  await repository.commit({ "web/a.yaml": configMap("a"), "web/b.yaml": configMap("b") });
  const file = path.join(directory, "application.yaml");
  const { writeFile } = await import("node:fs/promises");
  const destination = "{server: https://kubernetes.default.svc, namespace: default}";
  await writeFile(
    file,
    `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web}
spec: {project: default, source: {repoURL: "${repository.url}", path: web}, destination: ${destination}}
`,
  );
  const push = ["apply", "--app", file, "--to", context];
  expect(await cli.run(...push)).toMatchObject({ code: 0 });
  const identities = async () => {
    const live = await cluster.list(hubTypes.configMap, { namespace: "default", signal });
    return live
      .filter(({ metadata }) => ["a", "b"].includes(metadata.name ?? ""))
      .map(({ metadata: { name, uid, resourceVersion } }) => ({ name, uid, resourceVersion }));
  };
  const before = await identities();
  expect(before).toHaveLength(2);

  expect(await cli.run("app", "create", "-f", file, "--core")).toMatchObject({ code: 0 });
  expect(await cli.run("app", "wait", "web", "--sync", "--core", "--timeout", "60")).toMatchObject({
    code: 0,
  });
  expect(await cli.run("app", "sync", "web", "--core", "--timeout", "60")).toMatchObject({ code: 0 });
  expect(await identities()).toEqual(before);
  const refused = await cli.run(...push);
  expect(refused.code).toBe(20);
  expect(refused.err).toContain("Application/argocd/web manages this application from Git");

  expect(await cli.run("app", "delete", "web", "--cascade=false", "--yes", "--core")).toMatchObject({
    code: 0,
  });
  expect(await cli.run(...push)).toMatchObject({ code: 0 });
  const secret = { type: hubTypes.secret, namespace: "default", name: "mooring-push-web" };
  await cluster.remove(secret, { propagation: "Background", signal });
  const unknown = await cli.run(...push);
  expect(unknown.err).toContain("ConfigMap/a and 1 more carry its mark already");
  expect(await cli.run(...push, "--adopt")).toMatchObject({ code: 0 });
  expect(await identities()).toEqual(before);
});
