import { join } from "node:path";
import { describe, expect } from "vitest";
import { createRepository } from "../git-servers/repository.ts";
import { publishCharts, startWebServer } from "../registry-servers/index.ts";
import { formatFiles } from "./application.ts";
import { configMap, it } from "./fixture.ts";

const chart = {
  "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "web/values.yaml": "color: chart\nsize: small\n",
  "web/templates/config.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data:
  color: "{{ .Values.color }}"
  size: "{{ .Values.size }}"
  note: "{{ .Values.note }}"
  namespace: "{{ .Release.Namespace }}"
  served: "{{ .Capabilities.APIVersions.Has "apps/v1/Deployment" }}"
`,
  "web/templates/hook.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: before
  annotations: {helm.sh/hook: pre-install, helm.sh/hook-weight: "-1"}
`,
  "web/templates/tests/test.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: never, annotations: {helm.sh/hook: test}}
`,
};

describe("a chart", () => {
  it("gets values from files, another repository, the application and parameters, and its hooks run", async ({
    create,
    hub,
  }) => {
    const values = await createRepository(join(hub.directory, "values.git"));
    await values.commit(formatFiles({ "env/web.yaml": "color: values\nsize: values\n" }));
    const app = await create("chart", {
      files: chart,
      sources: (repository) => [
        {
          repoURL: repository.url,
          path: "web",
          targetRevision: "main",
          helm: {
            releaseName: "front",
            valueFiles: ["$values/env/web.yaml"],
            valuesObject: { size: "large" },
            parameters: [{ name: "note", value: "$ARGOCD_APP_PROJECT_NAME,too" }],
          },
        },
        { repoURL: values.url, targetRevision: "main", ref: "values" },
      ],
    });
    expect(await app.sync()).toBe(
      [
        "Succeeded: successfully synced (all tasks run)",
        "ConfigMap/front Synced: configmap/front created",
        "PreSync ConfigMap/before Synced: configmap/before created, Succeeded",
      ].join("\n"),
    );
    expect((await app.live("configmaps/front"))?.["data"]).toEqual({
      color: "values",
      size: "large",
      note: "default,too",
      namespace: app.namespace,
      served: "true",
    });
    expect(await app.live("configmaps/never")).toBeUndefined();
    expect((await app.status()).sourceTypes).toEqual(["Helm", ""]);
    await values.commit(formatFiles({ "env/web.yaml": "color: newer\n" }));
    await app.refresh();
    await app.waitFor(async () => expect(await app.state()).toBe("OutOfSync Healthy"));
    await app.sync();
    expect((await app.live("configmaps/front"))?.["data"]).toMatchObject({ color: "newer", size: "large" });
  });

  it("says which values file is missing, and which source it does not know", async ({ create }) => {
    const missing = await create("missing", {
      files: chart,
      source: { path: "web", helm: { valueFiles: ["prod.yaml"] } },
    });
    const unknown = await create("unknown", {
      files: chart,
      source: { path: "web", helm: { valueFiles: ["$values/prod.yaml"] } },
    });
    await missing.waitFor(async () =>
      expect(await missing.conditions()).toEqual([
        expect.stringMatching(/^ComparisonError: .*web\/prod\.yaml/u),
      ]),
    );
    await unknown.waitFor(async () =>
      expect(await unknown.conditions()).toEqual([
        'ComparisonError: source.helm.valueFiles[0] "$values/prod.yaml": no source has ref: values, and no build variable is called so',
      ]),
    );
  });
});

describe("a chart of a repository", () => {
  it("follows a range of versions, and says which one is deployed", async ({ create, hub }) => {
    await using server = await startWebServer();
    const template =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Chart.Name }}"}\ndata: {v: "{{ .Chart.Version }}", c: "{{ .Values.c }}"}\n';
    const files = { "templates/a.yaml": template, "values.yaml": "c: chart\n" };
    publishCharts(server, "/charts", [{ name: "web", version: "1.0.0", files }]);
    const url = `${server.url}/charts`;
    await hub.create({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "charts", labels: { "argocd.argoproj.io/secret-type": "repository" } },
      stringData: { type: "helm", url, name: "charts" },
    });
    const app = await create("published", {
      files: { "prod.yaml": "c: ours\n" },
      sources: (repository) => [
        { repoURL: url, chart: "web", targetRevision: "1.*", helm: { valueFiles: ["$values/prod.yaml"] } },
        { repoURL: repository.url, targetRevision: "main", ref: "values" },
      ],
    });
    expect(await app.sync()).toMatch(/^Succeeded: .*ConfigMap\/web Synced: configmap\/web created$/su);
    expect((await app.live("configmaps/web"))?.["data"]).toEqual({ v: "1.0.0", c: "ours" });
    expect((await app.status()).sync?.revisions?.[0]).toBe("1.0.0");
    publishCharts(server, "/charts", [
      { name: "web", version: "1.0.0", files },
      { name: "web", version: "1.1.0", files },
    ]);
    await app.refresh();
    await app.waitFor(({ status }) =>
      expect([status?.sync?.status, status?.sync?.revisions?.[0]]).toEqual(["OutOfSync", "1.1.0"]),
    );
    await app.sync();
    expect((await app.live("configmaps/web"))?.["data"]).toEqual({ v: "1.1.0", c: "ours" });
    const { history } = await app.status();
    expect(history?.map((entry) => entry.revisions?.[0])).toEqual(["1.0.0", "1.1.0"]);
  });
});

describe("a kustomization", () => {
  it("is built with the application's edits, and those beside it", async ({ create }) => {
    const app = await create("kustomize", {
      files: {
        "base/kustomization.yaml": "resources: [a.yaml]\n",
        "base/a.yaml": configMap("a"),
        "prod/kustomization.yaml": "resources: [../base]\n",
        "prod/.argocd-source.yaml": "kustomize: {nameSuffix: -x}\n",
      },
      source: { path: "prod", kustomize: { namePrefix: "p-", commonLabels: { app: "$ARGOCD_APP_NAME" } } },
    });
    await app.sync();
    expect((await app.live("configmaps/p-a-x"))?.metadata.labels).toEqual({ app: app.name });
    expect((await app.status()).sourceType).toBe("Kustomize");
  });
});

describe("Jsonnet in a directory", () => {
  it("is evaluated with the application's variables and libraries", async ({ create }) => {
    const app = await create("jsonnet", {
      files: {
        "lib/names.libsonnet": "{ prefix: 'j-' }\n",
        "web/a.jsonnet":
          "local names = import 'names.libsonnet'; function(size) {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: names.prefix + std.extVar('name')}, data: {size: size + ''}}\n",
      },
      source: {
        path: "web",
        directory: {
          jsonnet: {
            libs: ["lib"],
            extVars: [{ name: "name", value: "a" }],
            tlas: [{ name: "size", value: "1 + 1", code: true }],
          },
        },
      },
    });
    await app.sync();
    expect((await app.live("configmaps/j-a"))?.["data"]).toEqual({ size: "2" });
    expect((await app.status()).sourceType).toBe("Directory");
  });
});
