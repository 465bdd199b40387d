import { join } from "node:path";
import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { callApi, controlPlane } from "#test/control-plane/fixture.ts";
import { createRepository } from "#test/git-servers/index.ts";
import { startCli } from "./run.ts";

it("leaves ignored differences out of app diff, and hides secrets whatever is ignored", async () => {
  const cli = await startCli("ignored");
  const { namespace } = cli;
  const repository = await createRepository(join(cli.directory, "repository.git"));
  const manifest = (kind: string, name: string, data: string) =>
    `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\n${data}\n`;
  await repository.commit({
    "web/settings.yaml": manifest("ConfigMap", "settings", "data: {color: blue, size: big}"),
    "web/same.yaml": manifest("ConfigMap", "same", "data: {color: blue}"),
    "web/key.yaml": manifest("Secret", "key", "stringData: {token: hunter2-hunter2}"),
  });
  const live = (plural: string, body: JsonObject) =>
    callApi(controlPlane(), { method: "POST", path: `/api/v1/namespaces/${namespace}/${plural}`, body });
  const configMap = (name: string, data: JsonObject) =>
    live("configmaps", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name,
        annotations: { "argocd.argoproj.io/tracking-id": `web:/ConfigMap:${namespace}/${name}` },
      },
      data,
    });
  await configMap("settings", { color: "green", size: "small" });
  await configMap("same", { color: "green" });
  await live("secrets", {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "key" },
    stringData: { token: "swordfish-1" },
  });
  const at = ["--repo", repository.url, "--path", "web", "--dest-namespace", namespace];
  await cli.run("app", "create", "web", ...at, "--dest-server", "https://kubernetes.default.svc");
  const ignoreDifferences = [
    { kind: "ConfigMap", jsonPointers: ["/data/color"] },
    { kind: "Secret", jsonPointers: ["/kind", "/metadata"] },
  ];
  const patch = JSON.stringify({ spec: { ignoreDifferences } });
  expect(await cli.run("app", "patch", "web", "--patch", patch, "--type", "merge")).toMatchObject({
    code: 0,
  });
  const diff = await cli.run("app", "diff", "web");
  expect({ code: diff.code, err: diff.err }).toEqual({ code: 1, err: "" });
  const text = diff.out.replaceAll(namespace, "NS").replaceAll(/<secret \w+>/gu, "<secret>");
  expect(text).toMatchInlineSnapshot(`
    "===== /ConfigMap NS/settings ======
    @@ -6,4 +6,4 @@ data.size
       name: settings
       namespace: NS
     data:
    -  size: small
    +  size: big

    ===== /Secret NS/key ======
    @@ -1,4 +1,4 @@ data.token
     apiVersion: v1
     data:
    -  token: "<secret>"
    +  token: "<secret>"
     type: Opaque
    "
  `);
  const plan = await cli.run("app", "plan", "web");
  expect(plan).toMatchObject({ code: 0 });
});
