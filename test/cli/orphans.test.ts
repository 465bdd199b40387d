import { describe, expect, it } from "vitest";
import { callApi, controlPlane } from "#test/control-plane/fixture.ts";
import { startCli } from "./run.ts";

describe("mooring app resources --orphaned", () => {
  it("lists what no Application manages, where the project watches for it", async () => {
    const cli = await startCli("orphans");
    const { namespace } = cli;
    const run = async (...argv: readonly string[]) => {
      const { code, out, err } = await cli.run(...argv);
      return code === 0 ? out + err : `${code} ${err}`;
    };
    await run("proj", "create", "shop", "-s", "*", "-d", "*,*", "--deny-namespaced-resource", "/Secret");
    const app = ["app", "create", "web", "--project", "shop", "--repo", "https://git.example.com/a.git"];
    await run(
      ...app,
      "--path",
      ".",
      "--dest-name",
      "in-cluster",
      "--dest-namespace",
      namespace,
      "--validate=false",
    );
    const list = () => run("app", "resources", "web", "--orphaned");
    expect(await list()).toContain("AppProject shop does not watch for orphaned resources");
    const all = async () =>
      (await run("app", "resources", "web"))
        .split("\n")
        .map((line) => line.trim().split(/ +/u).slice(-2).join(" "));
    expect(await all()).toEqual(["NAME ORPHANED", ""]);
    await callApi(controlPlane(), {
      method: "PATCH",
      path: `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/appprojects/shop`,
      contentType: "application/merge-patch+json",
      body: {
        spec: {
          orphanedResources: { ignore: [{ group: "argoproj.io" }, { kind: "ConfigMap", name: "argocd-*" }] },
        },
      },
    });
    const core = `/api/v1/namespaces/${namespace}`;
    for (const name of ["left", "tracked"]) {
      const annotations = { "argocd.argoproj.io/tracking-id": `web:/ConfigMap:${namespace}/tracked` };
      await callApi(controlPlane(), {
        method: "POST",
        path: `${core}/configmaps`,
        body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name, annotations } },
      });
    }
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "denied" } };
    await callApi(controlPlane(), { method: "POST", path: `${core}/secrets`, body: secret });
    expect(await list()).toBe(
      ["GROUP  KIND       NAMESPACE  NAME  ORPHANED", "       ConfigMap  NS  left  Yes", ""]
        .join("\n")
        .replace("NAMESPACE", "NAMESPACE".padEnd(namespace.length))
        .replace("NS", namespace),
    );
    expect(JSON.parse(await run("app", "resources", "web", "--orphaned", "-o", "json"))).toEqual([
      { group: "", kind: "ConfigMap", namespace, name: "left", orphaned: true },
    ]);
    expect(await run("app", "resources", "web", "--orphaned", "-o", "tree")).toBe(
      ["KIND/NAME       STATUS    HEALTH  MESSAGE", "ConfigMap/left  Orphaned", ""].join("\n"),
    );
    await callApi(controlPlane(), {
      method: "PATCH",
      path: `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/applications/web`,
      contentType: "application/merge-patch+json",
      body: { status: { resources: [{ kind: "ConfigMap", version: "v1", namespace, name: "tracked" }] } },
    });
    expect(await all()).toEqual(["NAME ORPHANED", "tracked No", "left Yes", ""]);
  });
});
