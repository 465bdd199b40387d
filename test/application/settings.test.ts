import { expect, test, type TestContext } from "vitest";
import { openCli } from "../cli/run.ts";
import { callApi } from "../control-plane/fixture.ts";
import { configMap, createApplication, newHub, type TestHub } from "./fixture.ts";

/** A hub whose `argocd-cm` says this, with a controller. */
async function hubWith(context: TestContext, data: Readonly<Record<string, string>>): Promise<TestHub> {
  const hub = await newHub(context);
  await hub.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "argocd-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
    data,
  });
  await hub.start();
  return hub;
}

test("application.resourceTrackingMethod, application.instanceLabelKey and installationID mark objects", async (context) => {
  const hub = await hubWith(context, {
    "application.resourceTrackingMethod": "label",
    "application.instanceLabelKey": "example.com/instance",
  });
  const app = await createApplication(hub, "labelled", { files: { "a.yaml": configMap("a") } });
  await app.sync();
  const { labels, annotations } = (await app.live("configmaps/a"))?.metadata ?? {};
  expect([labels, annotations]).toEqual([{ "example.com/instance": app.name }, undefined]);
  await callApi(hub.access, {
    method: "PATCH",
    path: `/api/v1/namespaces/${hub.namespace}/configmaps/argocd-cm`,
    contentType: "application/merge-patch+json",
    body: {
      data: { "application.resourceTrackingMethod": "annotation+label", installationID: "blue" },
    },
  });
  await app.waitFor(({ status }) => expect(status?.sync?.status).toBe("OutOfSync"));
  await app.sync();
  const marked = (await app.live("configmaps/a"))?.metadata;
  expect([marked?.labels, marked?.annotations]).toEqual([
    { "example.com/instance": app.name },
    {
      "argocd.argoproj.io/tracking-id": `${app.name}:/ConfigMap:${app.namespace}/a`,
      "argocd.argoproj.io/installation-id": "blue",
    },
  ]);
});

test("cluster.inClusterEnabled: false refuses the cluster that the controller runs in", async (context) => {
  const hub = await hubWith(context, { "cluster.inClusterEnabled": "false" });
  const app = await createApplication(hub, "outside", { files: { "a.yaml": configMap("a") } });
  await app.waitFor(async () =>
    expect(await app.conditions()).toEqual([
      expect.stringContaining("cluster.inClusterEnabled") as unknown as string,
    ]),
  );
});

test("resource.exclusions and resource.inclusions leave kinds alone, and say so", async (context) => {
  const hub = await hubWith(context, {
    "resource.exclusions": "- apiGroups: ['']\n  kinds: [Secret]\n",
    "resource.inclusions": "- apiGroups: ['']\n  kinds: [ConfigMap, Secret]\n",
  });
  const app = await createApplication(hub, "filtered", {
    files: {
      "a.yaml": configMap("a"),
      "b.yaml": { apiVersion: "v1", kind: "Secret", metadata: { name: "b" } },
      "c.yaml": { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "c" } },
    },
  });
  expect(await app.sync()).toBe(
    ["Succeeded: successfully synced (all tasks run)", "ConfigMap/a Synced: configmap/a created"].join("\n"),
  );
  const warning = (kind: string) =>
    expect.stringMatching(
      new RegExp(`^ExcludedResourceWarning: ${kind}.*resource\\.exclusions or resource\\.inclusions`, "u"),
    ) as unknown as string;
  expect(await app.conditions()).toEqual([warning("Secret"), warning("ServiceAccount")]);
});

test("helm.enable, kustomize.enable and jsonnet.enable: false leave the plain manifests of a directory", async (context) => {
  const hub = await hubWith(context, {
    "helm.enable": "false",
    "kustomize.enable": "false",
    "jsonnet.enable": "false",
  });
  const app = await createApplication(hub, "plain", {
    files: {
      "a.yaml": configMap("a"),
      "kustomization.yaml": "namePrefix: never-\nresources: [a.yaml]\n",
      "never.jsonnet": "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'never'}}",
    },
    source: { directory: { exclude: "kustomization.yaml" } },
  });
  await app.sync();
  const { resources, sourceType } = await app.status();
  expect([resources?.map(({ name }) => name), sourceType]).toEqual([["a"], "Directory"]);
  const chart = await createApplication(hub, "chart", {
    files: { "a.yaml": configMap("a") },
    source: { helm: { releaseName: "c" } },
  });
  await chart.waitFor(({ status }) => expect(status?.sourceType).toBe("Directory"));
});

test("resource.sensitive.mask.annotations hides values in what commands print", async (context) => {
  const hub = await hubWith(context, { "resource.sensitive.mask.annotations": "example.com/token, other" });
  const token = (value: string) =>
    configMap("a", {}, { annotations: { "example.com/token": value, shown: "to all" } });
  const app = await createApplication(hub, "masked", { files: { "a.yaml": token("first-secret") } });
  await app.sync();
  await app.push({ "a.yaml": token("second-secret") });
  const cli = openCli(hub);
  const printed = await Promise.all([
    cli.run("app", "diff", app.name),
    cli.run("app", "manifests", app.name),
    cli.run("app", "manifests", app.name, "--source", "live"),
    cli.run("render", app.name),
  ]);
  expect(printed.map(({ out }) => /example.com\/token: .*/u.exec(out)?.[0])).toEqual(
    printed.map(() => expect.stringMatching(/^example.com\/token: .?<secret /u) as unknown as string),
  );
  expect(JSON.stringify(printed)).not.toMatch(/first-secret|second-secret/u);
});
