import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseAllDocuments } from "yaml";
import { installManifests } from "#core/install/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { formatObjectKey, keyOf, viewArray, viewPath, viewString } from "#core/object/index.ts";
import type { ResourceType } from "#ports/cluster.ts";
import { startInstallCluster } from "./embedded-installation.ts";
import { mooringVersion } from "#cli/commands/version.ts";

const run = promisify(execFile);
const root = path.join(import.meta.dirname, "../..");

async function render(values: string, namespace = "gitops"): Promise<ReadonlyMap<string, KubeObject>> {
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-chart-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const chart = path.join(directory, "chart");
  await cp(path.join(root, "manifests/chart"), chart, { recursive: true });
  await writeFile(path.join(chart, "own.yaml"), values);
  const { stdout } = await run(
    path.join(root, "bin/mooring"),
    ["render", chart, "--values", "own.yaml", "--helm-namespace", namespace],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const objects = parseAllDocuments(stdout).map((document) => document.toJS() as KubeObject);
  return new Map(objects.map((object) => [formatObjectKey(keyOf(object)), object]));
}

function installed(clusterWide: boolean, namespace: string): ReadonlyMap<string, KubeObject> {
  const image = `ghcr.io/mooring/mooring:${mooringVersion}`;
  const objects = installManifests({ image, namespace, clusterWide });
  const expected = objects.filter(({ kind }) => kind !== "Namespace");
  return new Map(expected.map((object) => [formatObjectKey(keyOf(object)), object]));
}

/** Without what a chart has besides. */
function bare(object: KubeObject | undefined): JsonObject | undefined {
  if (object === undefined) return undefined;
  const { annotations: _kept, ...metadata } = object.metadata;
  const kept = object.kind === "CustomResourceDefinition" ? object.metadata : metadata;
  return JSON.parse(
    JSON.stringify({ ...object, metadata: kept }, (field, value: unknown) =>
      field === "imagePullPolicy" || (field === "type" && value === "ClusterIP") ? undefined : value,
    ),
  ) as JsonObject;
}

const { signal } = new AbortController();
const named = { namespaced: true, version: "v1", verbs: [], shortNames: [] } as const;
const claims: ResourceType = {
  ...named,
  group: "",
  kind: "PersistentVolumeClaim",
  plural: "persistentvolumeclaims",
};
const deployments: ResourceType = { ...named, group: "apps", kind: "Deployment", plural: "deployments" };

/** Where the server keeps its files, and how it is replaced. */
function dataOf(rendered: ReadonlyMap<string, KubeObject>) {
  const server = rendered.get("Deployment/gitops/mooring-server");
  const volumes = viewArray(server, "spec", "template", "spec", "volumes");
  return {
    strategy: viewPath(server, "spec", "strategy"),
    data: volumes.find((volume) => viewString(volume, "name") === "data"),
  };
}

describe("the chart", () => {
  it.for([
    [true, "gitops"],
    [false, "gitops"],
    [true, "argocd"],
  ] as const)(
    "installs what the manifests install, clusterWide %s in %s",
    async ([clusterWide, namespace]) => {
      const rendered = await render(`clusterWide: ${clusterWide}\n`, namespace);
      const expected = installed(clusterWide, namespace);
      expect([...rendered.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
      for (const [key, object] of expected) expect(bare(rendered.get(key))).toEqual(bare(object));
    },
  );

  it("keeps what belongs to the user when it is uninstalled", async () => {
    const rendered = await render("");
    for (const key of ["ConfigMap/gitops/argocd-rbac-cm", "AppProject/gitops/default"]) {
      expect(rendered.get(key)).toMatchObject({
        metadata: { annotations: { "helm.sh/resource-policy": "keep" } },
      });
    }
  });

  it("puts values where they belong", async () => {
    const rendered = await render(`
image: {repository: registry.example/mooring, digest: "sha256:${"a".repeat(64)}", pullPolicy: Always}
imagePullSecrets: [{name: pull}]
configs:
  argocd-cm: {url: https://cd.example.com, "accounts.ada": "login, apiKey"}
defaultProject: {create: false}
networkPolicies: {enabled: false}
controller:
  replicas: 2
  args: [--status-processors, "40"]
  env: [{name: HTTPS_PROXY, value: "http://proxy:3128"}]
  nodeSelector: {disk: ssd}
  tolerations: [{operator: Exists}]
server:
  podAnnotations: {team: platform}
  resources: {limits: {memory: 1Gi}}
  service: {type: LoadBalancer}
  ingress: {enabled: true, hostname: cd.example.com, className: nginx, annotations: {a: b}, tls: [{hosts: [cd.example.com]}]}
`);
    expect(rendered.has("AppProject/gitops/default")).toBe(false);
    expect([...rendered.keys()].filter((key) => key.startsWith("NetworkPolicy"))).toEqual([]);
    expect(rendered.get("ConfigMap/gitops/argocd-cm")?.["data"]).toEqual({
      url: "https://cd.example.com",
      "accounts.ada": "login, apiKey",
    });
    const pod = viewPath(
      rendered.get("Deployment/gitops/mooring-controller") ?? {},
      "spec",
      "template",
      "spec",
    );
    expect(pod).toMatchObject({
      nodeSelector: { disk: "ssd" },
      tolerations: [{ operator: "Exists" }],
      imagePullSecrets: [{ name: "pull" }],
      containers: [
        {
          image: `registry.example/mooring@sha256:${"a".repeat(64)}`,
          imagePullPolicy: "Always",
          args: ["controller", "--status-processors", "40"],
          env: expect.arrayContaining([{ name: "HTTPS_PROXY", value: "http://proxy:3128" }]) as unknown,
        },
      ],
    });
    expect(rendered.get("Service/gitops/mooring-server")?.["spec"]).toMatchObject({ type: "LoadBalancer" });
    expect(rendered.get("Ingress/gitops/mooring-server")).toMatchObject({
      metadata: { annotations: { a: "b" } },
      spec: { ingressClassName: "nginx", rules: [{ host: "cd.example.com" }] },
    });
  });

  it("keeps the audit on a claim, where one is asked for, with one server at a time", async () => {
    const rendered = await render(`
server:
  persistence: {enabled: true, size: 5Gi, storageClassName: fast, annotations: {team: platform}}
`);
    expect(rendered.get("PersistentVolumeClaim/gitops/mooring-server")).toMatchObject({
      metadata: { annotations: { "helm.sh/resource-policy": "keep", team: "platform" } },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "fast",
        resources: { requests: { storage: "5Gi" } },
      },
    });
    expect(dataOf(rendered)).toEqual({
      strategy: { type: "Recreate" },
      data: { name: "data", persistentVolumeClaim: { claimName: "mooring-server" } },
    });
    const controller = rendered.get("Deployment/gitops/mooring-controller");
    expect(viewPath(controller, "spec", "strategy", "type")).toBe("RollingUpdate");
    await using cluster = await startInstallCluster();
    await cluster.mooring("install", "--crds-only", "--apply", "--namespace", "gitops");
    for (const [type, key] of [
      [claims, "PersistentVolumeClaim/gitops/mooring-server"],
      [deployments, "Deployment/gitops/mooring-server"],
    ] as const) {
      const object = rendered.get(key) as KubeObject;
      const options = { fieldManager: "test", fieldValidation: "Strict", force: false, signal } as const;
      expect(await cluster.admin.apply(type, object, options)).toMatchObject({ kind: object.kind });
    }
  });

  it("keeps the audit on a claim that is there already", async () => {
    const rendered = await render("server: {persistence: {enabled: true, existingClaim: audit}}");
    expect([...rendered.keys()].filter((key) => key.startsWith("PersistentVolumeClaim"))).toEqual([]);
    expect(dataOf(rendered).data).toEqual({ name: "data", persistentVolumeClaim: { claimName: "audit" } });
  });

  it.for([
    ["server: {replicas: 2, persistence: {enabled: true}}", "server.replicas: is 2, and with"],
    ["server: {persistence: {enabled: true, accessModes: [ReadOnlyMany]}}", "accessModes"],
    ["server: {replica: 2}", "replica"],
    ["image: {digest: latest}", "digest"],
    ["server: {ingress: {enabled: true}}", "server.ingress.hostname: is empty"],
  ] as const)("refuses %s and names the field", async ([values, field]) => {
    await expect(render(values)).rejects.toThrow(field);
  });
});
