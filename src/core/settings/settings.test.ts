import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { presetIgnoredUpdates } from "./presets.ts";
import { parseSettings } from "./parse.ts";
import { excludesResource } from "./resource-filter.ts";
import { defaultSettings } from "./settings.ts";

function settingsOf(data: Readonly<Record<string, string>>) {
  const metadata = { name: "argocd-cm", namespace: "argocd" };
  return parseSettings({ apiVersion: "v1", kind: "ConfigMap", metadata, data }, parseYaml);
}

describe("parseSettings", () => {
  it("gives the defaults without a ConfigMap, with an empty one and with empty values", () => {
    const defaults = { settings: defaultSettings, problems: [], withoutEffect: [] };
    expect(parseSettings(undefined, parseYaml)).toEqual(defaults);
    expect(settingsOf({})).toEqual(defaults);
    expect(settingsOf({ "timeout.reconciliation": " ", "resource.exclusions": "" })).toEqual(defaults);
  });

  it("reads what is set", () => {
    expect(
      settingsOf({
        "timeout.reconciliation": "5m",
        "timeout.reconciliation.jitter": "0",
        "webhook.refresh.jitter": "30s",
        "webhook.refresh.jitter.threshold": "100",
        "application.resourceTrackingMethod": "annotation+label",
        "application.instanceLabelKey": "argocd.argoproj.io/instance",
        installationID: "blue",
        "cluster.inClusterEnabled": "false",
        "application.sync.impersonation.enabled": "true",
        "resource.inclusions": "- apiGroups: ['*']\n",
        "resource.exclusions": "- kinds: [Secret]\n  clusters: [https://a*]\n",
        "resource.compareoptions": "ignoreAggregatedRoles: true",
        globalProjects:
          "- projectName: base\n  labelSelector:\n    matchExpressions:\n    - {key: tier, operator: In, values: [prod]}\n",
        "resource.sensitive.mask.annotations": "example.com/token, api-key",
        "commit.author.name": "Render Bot",
        "commit.author.email": "bot@example.com",
        "helm.enable": "false",
        "helm.valuesFileSchemes": "https, s3",
        "kustomize.buildOptions": "--enable-helm",
        "kustomize.buildOptions.v5": "--load-restrictor none",
      }),
    ).toEqual({
      problems: [],
      withoutEffect: [],
      settings: {
        reconciliationTimeoutMs: 300_000,
        reconciliationJitterMs: 0,
        webhookJitterMs: 30_000,
        webhookJitterThreshold: 100,
        trackingMethod: "annotation+label",
        instanceLabelKey: "argocd.argoproj.io/instance",
        installationId: "blue",
        inClusterEnabled: false,
        syncImpersonation: true,
        resourceFilter: {
          inclusions: [{ apiGroups: ["*"] }],
          exclusions: [{ kinds: ["Secret"], clusters: ["https://a*"] }],
        },
        ignoreDifferences: [],
        ignoreResourceUpdates: presetIgnoredUpdates,
        knownTypeFields: [],
        healthScripts: { exact: {}, wildcards: [] },
        actionScripts: {},
        sensitiveAnnotations: ["example.com/token", "api-key"],
        globalProjects: [
          {
            projectName: "base",
            labelSelector: { matchExpressions: [{ key: "tier", operator: "In", values: ["prod"] }] },
          },
        ],
        commitAuthor: { name: "Render Bot", email: "bot@example.com" },
        source: {
          enabled: { Helm: false, Kustomize: true, Directory: true },
          valuesFileSchemes: ["https", "s3"],
          buildOptions: "--enable-helm",
          versionBuildOptions: { v5: "--load-restrictor none" },
          versionPaths: {},
        },
      },
    });
  });

  it("permits no values file over the network when the list of schemes is empty", () => {
    expect(settingsOf({ "helm.valuesFileSchemes": "" }).settings.source.valuesFileSchemes).toEqual([]);
  });

  it("knows the program of another version of Kustomize", () => {
    const { settings, problems } = settingsOf({ "kustomize.path.v4": "/opt/kustomize" });
    const { versionBuildOptions, versionPaths } = settings.source;
    expect({ versionBuildOptions, versionPaths, problems }).toEqual({
      versionBuildOptions: { v4: "" },
      versionPaths: { v4: "/opt/kustomize" },
      problems: [],
    });
  });

  it("keeps the default where a value is wrong, and says so", () => {
    const { settings, problems } = settingsOf({
      "timeout.reconciliation": "often",
      "timeout.reconciliation.jitter": "-1s",
      "webhook.refresh.jitter": "-2s",
      "webhook.refresh.jitter.threshold": "few",
      "application.resourceTrackingMethod": "labels",
      "application.instanceLabelKey": "a b",
      "cluster.inClusterEnabled": "no",
      "resource.exclusions": "kinds: [Secret]",
      "resource.inclusions": "- kinds: Secret",
      "resource.customizations.colors.apps_Deployment": "x",
      globalProjects: "- labelSelector: {matchExpressions: [{key: a, operator: Like}]}",
    });
    expect(settings).toEqual(defaultSettings);
    expect(problems.map((problem) => problem.replace("ConfigMap/argocd/argocd-cm: ", ""))).toEqual([
      'timeout.reconciliation is ignored, its default stands: duration "often": not a number with a unit; write it like 5s, 3m or 1h30m',
      "timeout.reconciliation.jitter is ignored, its default stands: -1s is negative; write it like 120s, or 0 for never",
      "webhook.refresh.jitter is ignored, its default stands: -2s is negative; write it like 120s, or 0 for never",
      'webhook.refresh.jitter.threshold is ignored, its default stands: "few" is no whole number; write it like 10',
      'application.resourceTrackingMethod is ignored, its default stands: "labels" is no method; write annotation, label or annotation+label',
      'application.instanceLabelKey is ignored, its default stands: "a b" cannot be the key of a label',
      'cluster.inClusterEnabled is ignored, its default stands: "no" is neither true nor false',
      "resource.inclusions is ignored, its default stands: [0].kinds must be a list, found a string; write a list",
      "resource.exclusions is ignored, its default stands: must be a list, found an object; write a list",
      "globalProjects is ignored, its default stands: [0].labelSelector.matchExpressions[0].operator must match ^(In|NotIn|Exists|DoesNotExist)$; change it; [0].projectName is required; add a value",
      "resource.customizations.colors.apps_Deployment has no effect: nothing of that name can be customized",
    ]);
  });

  it("says of keys that have no effect why that is", () => {
    const { settings, problems } = settingsOf({
      "application.sync.impersonation.enforced": "true",
      "kustomize.version.v3": "/opt/kustomize",
      "resource.respectRBAC": "strict",
      "timeout.hard.reconciliation": "1h",
    });
    expect(settings).toEqual({
      ...defaultSettings,
      source: { ...defaultSettings.source, versionBuildOptions: { v3: "" } },
    });
    expect(problems.map((problem) => problem.replace("ConfigMap/argocd/argocd-cm: ", ""))).toEqual([
      "application.sync.impersonation.enforced has no effect: where syncs act as service accounts, a destination without one is always refused",
      "kustomize.version.v3 has no effect: Kustomize is built in; its build options are heeded",
      "resource.respectRBAC has no effect: every kind is watched as far as the credentials permit",
      "timeout.hard.reconciliation has no effect: renders are cached by content and need no hard refresh",
    ]);
  });

  it("names the key when its text is not YAML", () => {
    expect(settingsOf({ "resource.exclusions": "- [" }).problems).toEqual([
      expect.stringMatching(
        /^ConfigMap\/argocd\/argocd-cm: resource.exclusions is ignored, .*: it is not YAML: /u,
      ),
    ]);
  });
});

describe("excludesResource", () => {
  const server = "https://east.example";
  const excluded = (data: Readonly<Record<string, string>>, group: string, kind: string) =>
    excludesResource(settingsOf(data).settings.resourceFilter, { group, kind, server });

  it("leaves out what controllers write by the thousands", () => {
    expect(excluded({}, "discovery.k8s.io", "EndpointSlice")).toBe(true);
    expect(excluded({}, "", "Endpoints")).toBe(true);
    expect(excluded({}, "apps", "Deployment")).toBe(false);
  });

  it("replaces the defaults by what is set, except for events, nodes, metrics and leases", () => {
    const data = { "resource.exclusions": "- apiGroups: [apps]\n  clusters: ['*east*']\n" };
    expect(excluded(data, "", "Endpoints")).toBe(false);
    expect(excluded(data, "apps", "Deployment")).toBe(true);
    expect(excluded(data, "", "Event")).toBe(true);
    expect(excluded(data, "coordination.k8s.io", "Lease")).toBe(true);
  });

  it("with inclusions leaves out everything else, and exclusions win", () => {
    const data = {
      "resource.inclusions": "- apiGroups: ['', apps]\n",
      "resource.exclusions": "- kinds: [Secret]\n",
    };
    expect(excluded(data, "apps", "Deployment")).toBe(false);
    expect(excluded(data, "batch", "Job")).toBe(true);
    expect(excluded(data, "", "Secret")).toBe(true);
  });
});
