import { describe, expect } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewObject } from "#core/object/index.ts";
import { configMap, deployment, inCluster, it, type TestApplication } from "./fixture.ts";

/** The first render also starts an engine. */
const firstRenderMs = 60_000;

async function kindsOf(app: TestApplication): Promise<readonly string[]> {
  const { status } = await app.waitFor(
    (now) => expect(now.status?.sync?.revision).toBeDefined(),
    firstRenderMs,
  );
  return (status?.resources ?? []).map(({ kind, name }) => `${kind ?? ""}/${name ?? ""}`);
}

const chart = {
  "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "web/values.yaml": "port: 80\nbanner: none\n",
  "web/values.schema.json": '{"properties": {"port": {"type": "integer"}}}',
  "web/banner.txt": "from a file",
  "web/crds/widgets.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.never.example.com}
`,
  "web/templates/config.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}", namespace: "{{ .Values.at }}"}
data:
  port: {{ .Values.port | quote }}
  banner: {{ .Values.banner | quote }}
  release: "{{ .Release.Namespace }}"
  kubernetes: "{{ .Capabilities.KubeVersion.Version }}"
  served: "{{ .Capabilities.APIVersions.Has "example.com/v1" }}"
  text: {{ kindOf .Values.text }}
`,
};

describe("fields of source.helm", () => {
  it("reach the chart: namespace, versions, files, forced texts, and what is skipped", async ({ create }) => {
    const app = await create("helm", {
      files: chart,
      source: {
        path: "web",
        helm: {
          version: "v3",
          namespace: "elsewhere",
          kubeVersion: "v1.30.0",
          apiVersions: ["example.com/v1"],
          ignoreMissingValueFiles: true,
          valueFiles: ["missing.yaml"],
          skipCrds: true,
          skipSchemaValidation: true,
          skipTests: true,
          parameters: [{ name: "text", value: "1", forceString: true }],
          fileParameters: [{ name: "banner", path: "banner.txt" }],
        },
      },
    });
    await app.patch({ spec: { source: { helm: { values: `port: any\nat: ${app.namespace}\n` } } } });
    expect(await kindsOf(app)).toEqual([`ConfigMap/${app.name}`]);
    await app.sync();
    expect((await app.live(`configmaps/${app.name}`))?.["data"]).toEqual({
      port: "any",
      banner: "from a file",
      release: "elsewhere",
      kubernetes: "v1.30.0",
      served: "true",
      text: "string",
    });
  });

  it("have the schema checked and the definitions deployed unless they say otherwise", async ({ create }) => {
    const [strict, whole] = await Promise.all([
      create("strict", { files: chart, source: { path: "web", helm: { valuesObject: { port: "any" } } } }),
      create("whole", { files: chart, source: { path: "web" } }),
    ]);
    await strict.waitFor(async () =>
      expect((await strict.conditions()).join()).toMatch(/^ComparisonError: .*port/su),
    );
    await whole.waitFor(async () =>
      expect(await kindsOf(whole)).toContain("CustomResourceDefinition/widgets.never.example.com"),
    );
  });
});

describe("fields of source.kustomize", () => {
  it("are all edited into the kustomization", async ({ create }) => {
    const app = await create("kustomize", {
      files: {
        "web/kustomization.yaml":
          "resources: [web.yaml]\nlabels: [{pairs: {tier: base}}]\ncommonAnnotations: {note: base}\n",
        "web/web.yaml": deployment("web", {}, { labels: { part: "site" }, annotations: { of: "shop" } }),
        "extra/kustomization.yaml":
          "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [more.yaml]\n",
        "extra/more.yaml": configMap("more"),
        "web/image-policy.yaml": JSON.stringify([
          { op: "add", path: "/spec/template/spec/containers/0/imagePullPolicy", value: "Always" },
        ]),
      },
      source: { path: "web" },
      destination: { namespace: "default" },
    });
    const target = { group: "apps", version: "v1", kind: "Deployment", name: "web" };
    await app.patch({
      spec: {
        source: {
          kustomize: {
            namespace: app.namespace,
            nameSuffix: "-x",
            images: ["registry.example/web=registry.example/site:2"],
            replicas: [{ name: "web", count: 2 }],
            commonLabels: { tier: "front" },
            forceCommonLabels: true,
            labelWithoutSelector: true,
            labelIncludeTemplates: true,
            commonAnnotations: { note: "$ARGOCD_APP_NAME" },
            commonAnnotationsEnvsubst: true,
            forceCommonAnnotations: true,
            components: ["../extra", "../missing"],
            ignoreMissingComponents: true,
            patches: [
              { path: "image-policy.yaml", target },
              {
                patch: '[{"op": "replace", "path": "/metadata/name", "value": "site"}]',
                target: { kind: "Deployment", labelSelector: "part=site", annotationSelector: "of=shop" },
                options: { allowNameChange: true },
              },
            ],
          },
        },
      },
    });
    expect(await app.sync()).toMatch(/^Succeeded: /u);
    expect(await kindsOf(app)).toEqual(["ConfigMap/more-x", "Deployment/site-x"]);
    const live = await app.live("apps/deployments/site-x");
    const spec = viewObject(live, "spec");
    expect({
      replicas: spec["replicas"],
      labels: live?.metadata.labels,
      note: live?.metadata.annotations?.["note"],
      selector: viewObject(spec, "selector")["matchLabels"],
      ofPods: viewObject(spec, "template", "metadata")["labels"],
      container: viewArray(spec, "template", "spec", "containers")[0],
    }).toMatchObject({
      replicas: 2,
      labels: { tier: "front", part: "site" },
      note: app.name,
      selector: { app: "web" },
      ofPods: { app: "web", tier: "front" },
      container: { image: "registry.example/site:2", imagePullPolicy: "Always" },
    });
  });
});

describe("fields of source.directory", () => {
  it("choose the files, whatever they are called, and what Jsonnet is evaluated with", async ({ create }) => {
    const jsonnet =
      "function(size) {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'j'}, data: {n: std.toString(size + std.extVar('more'))}}\n";
    const app = await create("directory", {
      files: {
        "a.txt": configMap("a"),
        "deep/b.manifest": configMap("b"),
        "deep/not-this.manifest": configMap("not-this"),
        "README.md": "not a manifest: [",
      },
      source: {
        directory: {
          recurse: true,
          include: "{*.txt,*.manifest}",
          exclude: "*/not-*",
          disableExtensionFilter: true,
        },
      },
    });
    await app.waitFor(async () => expect(await kindsOf(app)).toEqual(["ConfigMap/a", "ConfigMap/b"]));
    const other = await create("jsonnet", {
      files: { "j.jsonnet": jsonnet },
      destination: { server: inCluster },
      source: {
        directory: {
          jsonnet: {
            tlas: [{ name: "size", value: "1", code: true }],
            extVars: [{ name: "more", value: "41", code: true }],
          },
        },
      },
    });
    await other.sync();
    expect(((await other.live("configmaps/j")) as JsonObject | undefined)?.["data"]).toEqual({ n: "42" });
  });
});
