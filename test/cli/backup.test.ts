import { expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { connect, testSignal } from "../kube/connect.ts";
import { startCli } from "./run.ts";

const argo = "argoproj.io/v1alpha1";
const finalizers = ["resources-finalizer.argocd.argoproj.io"];

function application(namespace: string, name: string): KubeObject {
  return {
    apiVersion: argo,
    kind: "Application",
    metadata: { name, namespace, finalizers },
    spec: {
      project: "default",
      source: { repoURL: "https://git.invalid/shop.git", path: "." },
      destination: { server: "https://kubernetes.default.svc", namespace: "shop" },
    },
    status: { sync: { status: "Synced", revision: "1e10" } },
  };
}

it("exports, imports and prunes on a real API server as on an embedded one", async () => {
  const [from, to] = [await startCli("backup-from"), await startCli("backup-to")];
  const cluster = await connect();
  const signal = testSignal();
  const options = { fieldManager: "test", signal };
  const { namespace } = from;
  await cluster.create(hubTypes.application, application(namespace, "web"), options);
  const set = {
    apiVersion: argo,
    kind: "ApplicationSet",
    metadata: { name: "many", namespace },
    spec: {
      generators: [{ list: { elements: [] } }],
      template: { metadata: { name: "x" }, spec: application(namespace, "x")["spec"] ?? {} },
    },
  };
  await cluster.create(hubTypes.applicationSet, set, options);
  const conditions = [{ type: "ErrorOccurred", status: "False", message: "none", reason: "done" }];
  const ref = { type: hubTypes.applicationSet, namespace, name: "many" };
  await cluster.mergePatch(ref, { status: { conditions } }, { ...options, subresource: "status" });
  const labels = { "argocd.argoproj.io/secret-type": "repository" };
  const repository = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "repo", namespace, labels },
    stringData: { url: "x" },
  };
  await cluster.create(hubTypes.secret, repository, options);

  const { out: input } = await from.run("admin", "export");
  expect(input).toContain("ErrorOccurred");
  const imported = await to.runWith({ input }, "admin", "import", "-");
  expect(imported).toMatchObject({ code: 0, err: expect.stringContaining(" 0 failed") as string });
  expect((await to.run("admin", "export")).out).toBe(input);
  expect((await to.runWith({ input }, "admin", "import", "-")).err).toContain("0 created, 0 updated");

  await cluster.create(hubTypes.application, application(to.namespace, "later"), options);
  const pruned = await to.runWith({ input }, "admin", "import", "-", "--prune", "--yes");
  expect(pruned).toMatchObject({ code: 0, out: `Application/${to.namespace}/later pruned\n` });
  expect((await to.run("admin", "export")).out).toBe(input);
});
