import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { application, argo, namespace, secret, startHub } from "./hub.ts";
import type { TestHub } from "./hub.ts";

const project = (sourceNamespaces: readonly string[]): KubeObject => ({
  apiVersion: argo,
  kind: "AppProject",
  metadata: { name: "shop", namespace },
  spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }], sourceNamespaces },
});

async function startWith(sourceNamespaces: readonly string[], looked: string | undefined): Promise<TestHub> {
  const hub = await startHub();
  const spec = { project: "shop", destination: { name: "far", namespace: "shop" } };
  await hub.apply(
    project(sourceNamespaces),
    secret("cluster-far", "cluster", { name: "far", server: "https://far.invalid", config: "{}" }),
    ...["team-a", "other"].map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    application("web", { metadata: { namespace: "team-a" }, spec }),
    application("web", { metadata: { namespace: "other" }, spec }),
  );
  const parameters = { type: hubTypes.configMap, namespace, name: "argocd-cmd-params-cm" };
  const patch = { data: { "application.namespaces": looked ?? null } };
  const options = { fieldManager: "test", signal: hub.signal };
  if ((await hub.cluster.read(parameters, hub.signal)) !== undefined)
    await hub.cluster.mergePatch(parameters, patch, options);
  else if (looked !== undefined)
    await hub.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: parameters.name, namespace },
      ...patch,
    });
  return hub;
}

describe("applications of other namespaces", () => {
  it.each([
    { title: "the installation looks at", sources: ["team-*", "other"], looked: "team-*", env: {} },
    {
      title: "the process's environment names",
      sources: [],
      looked: "nothing",
      env: { ARGOCD_APPLICATION_NAMESPACES: "team-a" },
    },
    {
      title: "the project permits, where the installation names none,",
      sources: ["team-*"],
      looked: undefined,
      env: {},
    },
  ])("that $title keep their project from being deleted", async ({ sources, looked, env }) => {
    const hub = await startWith(sources, looked);
    const remove = () => hub.cli.runWith({ env }, "proj", "delete", "shop", "--core");
    expect(await remove()).toEqual({
      code: 20,
      out: "",
      err: "mooring: AppProject/argocd/shop: is used by application team-a/web\n  delete them or give them another project first\n",
    });
    await hub.read("AppProject", "shop");
    const ref = { type: hubTypes.application, namespace: "team-a", name: "web" };
    await hub.cluster.remove(ref, { propagation: "Background", signal: hub.signal });
    expect(await remove()).toMatchObject({ code: 0, out: "project 'shop' deleted\n" });
  });

  it("are counted before their cluster is removed", async () => {
    const hub = await startWith([], "team-*,other");
    const { code, out } = await hub.cli.runWith({ answer: "n" }, "cluster", "rm", "far", "--core");
    expect({ code, out }).toEqual({
      code: 0,
      out: "Remove cluster far (https://far.invalid) in context hub? 2 applications are deployed there. [y/N] ",
    });
    await hub.read("Secret", "cluster-far");
  });
});

it("does not delete the project default, as a server does not", async () => {
  const hub = await startHub();
  const { code, err } = await hub.cli.run("proj", "delete", "default", "--core");
  expect({ code, err }).toEqual({
    code: 20,
    err: "mooring: AppProject/default: cannot be deleted\n  empty its lists instead\n",
  });
  await hub.read("AppProject", "default");
});
