import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import type { TestHub } from "./hub.ts";
import { namespace, startHub } from "./hub.ts";

const password = "correct-horse-battery";

async function file(hub: TestHub, name: string, text: string): Promise<string> {
  const at = path.join(hub.directory, name);
  await writeFile(at, text);
  return at;
}

const wrong = `apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm}
data:
  url: nonsense
  accounts.ada: logn
  timeout.reconcilation: 3m
  timeout.hard.reconciliation: 1h
  passwordPattern: "((("
  kustomize.buildOptions: --enable-helm
  resource.customizations.health.apps_Deployment: "hs = {}"
  resource.customizations.ignoreDifferences.apps_Deployment: "a: ["
  mooring.health.apps_StatefulSet: "current: 1 +"
  oidc.config: "clientSecret: $nowhere"
`;

describe("admin settings validate", () => {
  it("names each key that is wrong, with why and the fix", async () => {
    const hub = await startHub();
    const at = await file(hub, "cm.yaml", wrong);
    const secret = await file(
      hub,
      "secret.yaml",
      `apiVersion: v1\nkind: Secret\nmetadata: {name: argocd-secret}\nstringData: {admin.password: ${password}, server.secretkey: short}\n`,
    );
    const { code, out, err } = await hub.cli.run(
      "admin",
      "settings",
      "validate",
      "--argocd-cm-path",
      at,
      "--argocd-secret-path",
      secret,
    );
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toMatchInlineSnapshot(`
      "❌ accounts
      ConfigMap/argocd/argocd-cm: accounts.ada: "logn" is no capability; write login, apiKey or both
      Secret/argocd/argocd-secret: admin.password: nobody can log in to the account: it is no bcrypt hash of a cost up to 14; make one with: mooring account bcrypt

      ❌ general
      Secret/argocd/argocd-secret: server.secretkey: has only 5 bytes, so tokens can be forged by guessing it; remove it, and the server makes a new one
      ConfigMap/argocd/argocd-cm: url is ignored, its default stands: it is no URL; write it like https://argocd.example.com
      ConfigMap/argocd/argocd-cm: oidc.config is ignored, its default stands: issuer is required; add a value; clientID is required; add a value
      ConfigMap/argocd/argocd-cm: passwordPattern is no regular expression of RE2: error parsing regexp: missing closing ): \`(((\`; correct it
      warning: ConfigMap/argocd/argocd-cm: timeout.hard.reconciliation has no effect: renders are cached by content and need no hard refresh
      warning: ConfigMap/argocd/argocd-cm: timeout.reconcilation has no effect: nobody reads a key of that name; did you mean timeout.reconciliation?

      ✅ kustomize
      --enable-helm

      ❌ resource-overrides
      ConfigMap/argocd/argocd-cm: resource.customizations.ignoreDifferences.apps_Deployment is ignored, its default stands: it is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 5:
      ConfigMap/argocd/argocd-cm: mooring.health.apps_StatefulSet: current: Unexpected token: EOF, at character 4
      "
    `);
    expect(out).not.toContain(password);
  });

  it("checks the cluster, what is registered there included, and some groups alone", async () => {
    const hub = await startHub();
    expect((await hub.cli.run("admin", "settings", "validate")).code).toBe(0);
    const labels = { "argocd.argoproj.io/secret-type": "repository" };
    const broken = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "broken", namespace, labels },
      stringData: { password },
    };
    await hub.cluster.create(hubTypes.secret, broken, { fieldManager: "test", signal: hub.signal });
    const { code, out } = await hub.cli.run(
      "admin",
      "settings",
      "validate",
      "--group",
      "repositories",
      "--group",
      "kustomize",
    );
    expect(code).toBe(1);
    expect(out).toContain("✅ kustomize\ndefault options\n");
    expect(out).toContain("❌ repositories\nSecret/argocd/broken: ");
    expect(out).not.toContain("accounts");
    expect(out).not.toContain(password);
  });

  it("refuses groups, files and namespaces that do not exist", async () => {
    const hub = await startHub();
    const run = async (...args: readonly string[]) =>
      await hub.cli.run("admin", "settings", "validate", ...args);
    const secret = await file(hub, "s.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {}\n");
    expect(await run("--group", "x")).toMatchObject({
      code: 20,
      err: expect.stringContaining("resource-overrides") as string,
    });
    expect(await run("--argocd-cm-path", "/nonexistent")).toMatchObject({ code: 20 });
    expect(await run("--argocd-cm-path", secret)).toMatchObject({
      code: 20,
      err: expect.stringContaining("must be ConfigMap") as string,
    });
    expect(await run("-n", "default")).toMatchObject({
      code: 20,
      err: expect.stringContaining("-n") as string,
    });
  });
});

const customized = `apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm}
data:
  resource.customizations.health.apps_Deployment: |
    hs = {}
    hs.status = "Degraded"
    hs.message = "says " .. obj.spec.replicas
    return hs
  resource.customizations.ignoreDifferences.apps_Deployment: |
    jsonPointers: [/spec/replicas]
    jqPathExpressions: ['.metadata.labels.a']
  resource.customizations.actions.apps_Deployment: |
    discovery.lua: |
      return {up = {}}
    definitions:
    - name: up
      action.lua: |
        obj.spec.replicas = tonumber(actionParams["to"])
        return obj
`;

describe("admin settings resource-overrides", () => {
  it("tries health, ignored fields and actions on an object in a file", async () => {
    const hub = await startHub();
    const settings = ["--argocd-cm-path", await file(hub, "cm.yaml", customized)];
    const object = await file(
      hub,
      "web.yaml",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {a: b}}\nspec: {replicas: 2}\n",
    );
    const run = async (name: string, ...args: readonly string[]) => {
      const { code, out, err } = await hub.cli.run(
        "admin",
        "settings",
        "resource-overrides",
        name,
        object,
        ...args,
        ...settings,
      );
      expect({ code, err }).toEqual({ code: 0, err: "" });
      return out;
    };
    expect({
      health: await run("health"),
      differences: await run("ignore-differences"),
      actions: await run("list-actions"),
      up: await run("run-action", "up", "--param", "to=3"),
      same: await run("run-action", "up", "--param", "to=2"),
    }).toMatchInlineSnapshot(`
      {
        "actions": "NAME  DISABLED
      up    false
      ",
        "differences": "Following fields are ignored:

      @@ -1,8 +1,4 @@ metadata.labels
       apiVersion: apps/v1
       kind: Deployment
       metadata:
      -  labels:
      -    a: b
         name: web
      -spec:
      -  replicas: 2
      ",
        "health": "STATUS: Degraded
      MESSAGE: says 2
      ",
        "same": "No fields had been changed by action: up
      ",
        "up": "Following fields have been changed:

      @@ -5,4 +5,4 @@ spec.replicas
           a: b
         name: web
       spec:
      -  replicas: 2
      +  replicas: 3
      ",
      }
    `);
  });

  it("falls back to what is built in, and hides the values of Secrets", async () => {
    const hub = await startHub();
    const text = `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: ${password}}\n`;
    const object = await file(hub, "secret.yaml", text);
    const ignoring = "jsonPointers: [/stringData]";
    const data = {
      "resource.customizations.ignoreDifferences._Secret": ignoring,
      "resource.customizations.ignoreDifferences.Secret": ignoring,
    };
    const ref = { type: hubTypes.configMap, namespace, name: "argocd-cm" };
    await hub.cluster.mergePatch(ref, { data }, { fieldManager: "test", signal: hub.signal });
    const overrides = ["admin", "settings", "resource-overrides"];
    expect((await hub.cli.run(...overrides, "health", object)).out).toBe(
      "Health script is not configured for '/Secret'\n",
    );
    const { out } = await hub.cli.run(...overrides, "ignore-differences", object);
    expect(out).toContain("Following fields are ignored:");
    expect(out).not.toContain(password);
    expect((await hub.cli.run(...overrides, "list-actions", object)).out).toBe(
      "Actions are not configured for '/Secret'\n",
    );
    expect((await hub.cli.run(...overrides, "run-action", object, "up")).code).toBe(20);
  });
});

it("tells the first password on an embedded cluster, too", async () => {
  const hub = await startHub();
  const reset = await hub.cli.run("admin", "initial-password", "reset");
  expect(reset.code).toBe(0);
  expect((await hub.cli.run("admin", "initial-password")).out).toBe(reset.out);
});
