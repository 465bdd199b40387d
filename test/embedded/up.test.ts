import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished, vi } from "vitest";
import { parseWaitingPlan } from "#core/approval/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { planDigest } from "#engine/plan-hash.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { createRepository } from "../git-servers/repository.ts";
import { startUp } from "./running-up.ts";

const run = promisify(execFile);
const program = join(import.meta.dirname, "../../bin/mooring");

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: hello}
spec:
  replicas: 2
  selector: {matchLabels: {app: hello}}
  template:
    metadata: {labels: {app: hello}}
    spec: {containers: [{name: hello, image: "hello:1"}]}
`;

it("brings an application to a second embedded cluster, and has it still after kill -9", async () => {
  const directory = await mkdtemp(join(tmpdir(), "mooring-up-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const repository = await createRepository(join(directory, "hello.git"));
  await repository.commit({ "hello.yaml": deployment });
  const data = join(directory, "data");
  const kubeconfig = join(data, "kubeconfig");
  const mooring = async (...args: readonly string[]) =>
    (await run(program, ["--kubeconfig", kubeconfig, ...args])).stdout;

  const first = await startUp(["--data", data, "--clusters", "1"]);
  const target = [
    "--dest-name",
    "embedded-1",
    "--dest-namespace",
    "hello",
    "--sync-option",
    "CreateNamespace=true",
  ];
  await mooring(
    "app",
    "create",
    "hello",
    "--repo",
    repository.url,
    "--path",
    ".",
    ...target,
    "--sync-policy",
    "automated",
  );
  await mooring("app", "wait", "hello", "--timeout", "60");
  const before = await readFile(kubeconfig, "utf8");
  await first.kill();

  await startUp(["--data", data, "--clusters", "1"]);
  expect(await readFile(kubeconfig, "utf8"), "the kubeconfig that clients have still leads there").toBe(
    before,
  );
  await mooring("app", "wait", "hello", "--timeout", "60");
  expect(await mooring("app", "get", "hello")).toContain("Health Status:      Healthy");
});

it("hashes plans from its first start on as the command line does: what `app plan` prints is what waits", async () => {
  const directory = await mkdtemp(join(tmpdir(), "mooring-up-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const repository = await createRepository(join(directory, "hello.git"));
  await repository.commit({ "hello.yaml": deployment });
  const kubeconfig = join(directory, "kubeconfig");
  await startUp([
    "--data",
    join(directory, "data"),
    "--port",
    "0",
    "--insecure",
    "--write-kubeconfig",
    kubeconfig,
  ]);
  const { connection } = await readKubeconfig({ path: kubeconfig });
  await using cluster = startCluster(connection, { keepFresh: false });
  const application = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: "hello",
      namespace: "argocd",
      annotations: { "mooring.dev/require-approval": "true" },
    },
    spec: {
      project: "default",
      source: { repoURL: repository.url, path: "." },
      destination: { name: "in-cluster", namespace: "default" },
      syncPolicy: { automated: {} },
    },
  };
  const { signal } = new AbortController();
  await cluster.create(hubTypes.application, application, { fieldManager: "test", signal });
  const waiting = await vi.waitFor(
    async () => {
      const app = await cluster.read(
        { type: hubTypes.application, namespace: "argocd", name: "hello" },
        signal,
      );
      const plan = parseWaitingPlan(app?.metadata.annotations?.["mooring.dev/waiting-plan"], planDigest);
      expect(plan).toBeDefined();
      return plan;
    },
    { timeout: 30_000, interval: 200 },
  );
  const { stdout } = await run(program, ["--kubeconfig", kubeconfig, "app", "plan", "hello"]);
  expect(stdout).toContain(`digest ${waiting?.digest}`);
});

it("refuses a number of clusters that is none", async () => {
  const refused = run(program, ["up", "--clusters", "-1"]);
  await expect(refused).rejects.toMatchObject({
    code: 20,
    stderr: expect.stringContaining("must be 0 or more") as string,
  });
});
