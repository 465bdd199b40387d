import { expect, it } from "vitest";
import { createCliPorts } from "#main/cli-ports.ts";
import { controlPlane } from "#test/control-plane/fixture.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { startCli } from "./run.ts";

it("answers from the cluster's policy and projects, and names the line", async () => {
  const cli = await startCli("rbac");
  const ports = createCliPorts({ signal: new AbortController().signal, env: {} });
  const { cluster } = await ports.connect({ kubeconfig: controlPlane().kubeconfigPath });
  await using opened = cluster;
  const { namespace } = cli;
  const options = { fieldManager: "test", signal: new AbortController().signal };
  const can = async (...args: readonly string[]) =>
    await cli.run("admin", "settings", "rbac", "can", ...args);

  expect(await can("ada", "get", "app", "shop/web")).toMatchObject({ code: 1, out: "No\n" });

  const data = {
    "policy.csv": "g, ada, role:readonly",
    "policy.more.csv": "p, ada, logs, get, shop/*, deny",
  };
  const ref = { type: hubTypes.configMap, namespace, name: "argocd-rbac-cm" };
  await opened.mergePatch(ref, { data }, options);
  const roles = [{ name: "ci", policies: ["p, proj:shop:ci, applications, sync, shop/*, allow"] }];
  const project = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: "shop", namespace },
    spec: { roles },
  };
  await opened.create(hubTypes.project, project, options);

  expect(await can("ada", "get", "app", "shop/web")).toMatchObject({ code: 0, out: "Yes\n" });
  expect(await can("ada", "get", "logs", "shop/web", "--namespace", namespace)).toEqual({
    code: 1,
    out: "No\n",
    err: "because of argocd-rbac-cm policy.more.csv line 1: p, ada, logs, get, shop/*, deny\n",
  });
  expect(await can("proj:shop:ci", "sync", "app", "shop/web")).toEqual({
    code: 0,
    out: "Yes\n",
    err: "because of AppProject/shop role ci line 1: p, proj:shop:ci, applications, sync, shop/*, allow\n",
  });
  expect(await cli.run("admin", "settings", "rbac", "validate")).toMatchObject({ code: 0 });
});
