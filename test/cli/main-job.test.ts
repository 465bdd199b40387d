import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callApi, controlPlane } from "#test/control-plane/fixture.ts";
import { createRepository } from "#test/git-servers/index.ts";
import { startController } from "./controller.ts";
import { startCli } from "./run.ts";

function create(url: string, namespace: string): readonly string[] {
  const source = ["--repo", url, "--path", "web"];
  return ["app", "create", "web", ...source, "--dest-name", "in-cluster", "--dest-namespace", namespace];
}

function manifests(color: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {color: ${color}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:${color}"}]}
`;
}

async function colorOf(namespace: string): Promise<string> {
  const found = await callApi(controlPlane(), {
    path: `/api/v1/namespaces/${namespace}/configmaps/settings`,
  });
  return (found["data"] as { readonly color: string }).color;
}

describe("the main job by command line", () => {
  it("creates, syncs, waits, diffs, rolls back and deletes an application", async () => {
    const cli = await startCli("main-job");
    const { namespace } = cli;
    const repository = await createRepository(join(cli.directory, "repository.git"));
    await repository.commit({ "web/all.yaml": manifests("blue") });
    startController(cli);
    const created = await cli.run(...create(repository.url, namespace), "--revision", "main");
    expect(created).toMatchObject({ code: 0, err: "" });

    const synced = await cli.run("app", "sync", "web", "--timeout", "60");
    expect(synced).toMatchObject({ code: 0, err: "" });
    expect(synced.out).toContain("configmap/settings created");
    expect(await cli.run("app", "wait", "web", "--health", "--sync", "--timeout", "60")).toMatchObject({
      code: 0,
      err: "",
    });
    expect(await cli.run("app", "diff", "web")).toEqual({ code: 0, out: "", err: "" });
    expect(await colorOf(namespace)).toBe("blue");

    await repository.change({ "web/all.yaml": manifests("red") });
    const diff = await cli.run("app", "diff", "web");
    expect(diff.code).toBe(1);
    expect(diff.out).toContain("-  color: blue\n+  color: red\n");
    const plan = await cli.run("app", "plan", "web");
    expect(plan.out).toContain("2 to apply, 0 to prune, 0 left alone");
    expect(plan.out).toMatch(/^digest sha256:[0-9a-f]{64}$/mu);
    expect((await cli.run("app", "sync", "web", "--timeout", "60")).code).toBe(0);
    expect(await colorOf(namespace)).toBe("red");
    expect((await cli.run("app", "history", "web", "-o", "id")).out).toBe("0\n1\n");

    expect(await cli.run("app", "rollback", "web", "--timeout", "60")).toMatchObject({ code: 0, err: "" });
    expect(await colorOf(namespace)).toBe("blue");
    const refreshed = await cli.run("app", "get", "web", "--refresh", "-o", "tree");
    expect(refreshed.out).toContain("Sync Status:        OutOfSync from main");
    expect(refreshed.out).toMatch(/^Deployment\/web .*\n├─ReplicaSet\/web-/m);

    expect(await cli.run("app", "delete", "web", "--yes", "--wait", "--timeout", "60")).toMatchObject({
      code: 0,
      out: "application 'web' deleted\n",
    });
    await expect(colorOf(namespace)).rejects.toMatchObject({ status: 404 });
  });

  it("says which object failed and why, and exits with 1", async () => {
    const cli = await startCli("main-job");
    const repository = await createRepository(join(cli.directory, "repository.git"));
    await repository.commit({
      "web/bad.yaml":
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 99999}]}\n",
    });
    startController(cli);
    await cli.run(...create(repository.url, cli.namespace));
    const synced = await cli.run("app", "sync", "web", "--timeout", "60");
    expect(synced.code).toBe(1);
    expect(synced.err).toContain(
      `\n  Service/${cli.namespace}/web: spec.ports[0].port: must be between 1 and 65535`,
    );
  });
});
