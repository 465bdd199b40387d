import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { parseSettings } from "./parse.ts";

const configMap = "ConfigMap/argocd/argocd-cm";

function settingsOf(data: Readonly<Record<string, string>>) {
  const metadata = { name: "argocd-cm", namespace: "argocd" };
  const read = parseSettings({ apiVersion: "v1", kind: "ConfigMap", metadata, data }, parseYaml);
  const { ignoreDifferences, ignoreResourceUpdates, knownTypeFields } = read.settings;
  return { ignoreDifferences, ignoreResourceUpdates, knownTypeFields, problems: read.problems };
}

const differences = "resource.customizations.ignoreDifferences";
const updates = "resource.customizations.ignoreResourceUpdates";

describe("resource.customizations", () => {
  it("says by kind what is not compared", () => {
    const { ignoreDifferences, problems } = settingsOf({
      [`${differences}.all`]: "managedFieldsManagers: [kube-controller-manager]",
      [`${differences}.apps_Deployment`]:
        "jsonPointers: [/spec/replicas]\njqPathExpressions: ['.spec.paused']",
      [`${differences}.Service`]: "jsonPointers: [/spec/clusterIP]",
    });
    expect(problems).toEqual([]);
    expect(ignoreDifferences).toEqual([
      {
        group: "",
        kind: "Service",
        jsonPointers: ["/spec/clusterIP"],
        origin: `${configMap}: ${differences}.Service`,
      },
      {
        group: "*",
        kind: "*",
        managedFieldsManagers: ["kube-controller-manager"],
        origin: `${configMap}: ${differences}.all`,
      },
      {
        group: "apps",
        kind: "Deployment",
        jsonPointers: ["/spec/replicas"],
        jqPathExpressions: [".spec.paused"],
        origin: `${configMap}: ${differences}.apps_Deployment`,
      },
    ]);
  });

  it("may be one block, over which a key of its own wins", () => {
    const block = [
      "apps/Deployment:",
      "  ignoreDifferences: |",
      "    jsonPointers: [/spec/replicas]",
      "argoproj.io/Rollout:",
      "  ignoreDifferences:",
      "    jsonPointers: [/spec/strategy]",
      "  knownTypeFields:",
      "  - {field: spec.template.spec, type: core/v1/PodSpec}",
    ].join("\n");
    const { ignoreDifferences, knownTypeFields, problems } = settingsOf({
      "resource.customizations": block,
      [`${differences}.apps_Deployment`]: "jsonPointers: [/spec/paused]",
    });
    expect(problems).toEqual([]);
    expect(ignoreDifferences.map(({ kind, jsonPointers, origin }) => [kind, jsonPointers, origin])).toEqual([
      ["Deployment", ["/spec/paused"], `${configMap}: ${differences}.apps_Deployment`],
      [
        "Rollout",
        ["/spec/strategy"],
        `${configMap}: resource.customizations: argoproj.io/Rollout: ignoreDifferences`,
      ],
    ]);
    expect(knownTypeFields).toEqual([
      {
        group: "argoproj.io",
        kind: "Rollout",
        fields: [{ field: "spec.template.spec", type: "core/v1/PodSpec" }],
      },
    ]);
  });

  it("names the key of what is wrong and keeps the rest", () => {
    const { ignoreDifferences, knownTypeFields, problems } = settingsOf({
      [`${differences}.apps_Deployment`]: "jsonPointers: [",
      [`${differences}.apps_StatefulSet`]: "jsonPointers: spec",
      [`${differences}.apps_DaemonSet`]: "jsonPointers: [spec]",
      [`${differences}.Pod`]: "jsonPointers: [/spec]",
      "resource.customizations.knownTypeFields.a_B": "- {field: spec, type: Pod}",
      "resource.compareoptions": "ignoreAggregatedRoles: maybe",
    });
    expect(ignoreDifferences.map(({ kind }) => kind)).toEqual(["Pod"]);
    expect(knownTypeFields).toEqual([]);
    expect(problems.map((problem) => problem.replace(`${configMap}: `, ""))).toEqual([
      expect.stringMatching(
        /^resource\.customizations\.ignoreDifferences\.apps_Deployment is ignored, .*not YAML/u,
      ),
      `${differences}.apps_DaemonSet is ignored: jsonPointers[0]: "spec" is no JSON pointer; begin it with a slash, as in /spec/replicas`,
      `${differences}.apps_StatefulSet is ignored: jsonPointers must be a list, found a string; write a list`,
      expect.stringMatching(
        /^resource\.customizations\.knownTypeFields\.a_B is ignored: \[0\]\.type must match/u,
      ),
      expect.stringMatching(
        /^resource\.compareoptions is ignored, .*ignoreAggregatedRoles must be true or false/u,
      ),
    ]);
  });
});

describe("changes that are no reason to look", () => {
  const data = {
    [`${differences}.apps_Deployment`]: "jsonPointers: [/spec/replicas]",
    [`${updates}.all`]: "jsonPointers: [/status]",
  };
  const all = (more: Readonly<Record<string, string>>) =>
    settingsOf({ ...data, ...more }).ignoreResourceUpdates;
  const kinds = (more: Readonly<Record<string, string>>) =>
    all(more)
      .filter(({ origin }) => origin !== "a preset of Mooring")
      .map(({ kind }) => kind);

  it("are those of fields that are not compared, too, unless compare options say otherwise", () => {
    expect(kinds({})).toEqual(["*", "Deployment"]);
    expect(kinds({ "resource.compareoptions": "ignoreDifferencesOnResourceUpdates: false" })).toEqual(["*"]);
  });

  it("are none when resource.ignoreResourceUpdatesEnabled is false", () => {
    expect(all({ "resource.ignoreResourceUpdatesEnabled": "false" })).toEqual([]);
  });

  it("are those of Argo CD's installation until a key says something about the kind", () => {
    const pointers = (kind: string, more: Readonly<Record<string, string>> = {}) =>
      settingsOf(more)
        .ignoreResourceUpdates.filter((entry) => entry.kind === kind)
        .flatMap(({ jsonPointers = [] }) => jsonPointers);
    expect(pointers("*")).toEqual(["/status"]);
    expect(pointers("ConfigMap")).toContain(
      "/metadata/annotations/control-plane.alpha.kubernetes.io~1leader",
    );
    expect(pointers("ConfigMap", { [`${updates}.ConfigMap`]: "jsonPointers: [/data/beat]" })).toEqual([
      "/data/beat",
    ]);
    expect(pointers("*", { [`${updates}.all`]: "{}" })).toEqual([]);
    expect(pointers("Application")).toContain("/operation");
  });
});

describe("resource.compareoptions", () => {
  it("accepts what Argo CD knows and names what it does not", () => {
    expect(
      settingsOf({ "resource.compareoptions": "ignoreAggregatedRoles: true\nignoreResourceStatusField: crd" })
        .problems,
    ).toEqual([]);
    expect(settingsOf({ "resource.compareoptions": "ignoreRoles: true" }).problems).toEqual([
      expect.stringMatching(
        /resource\.compareoptions is ignored, .*: ignoreRoles is no option; write ignoreAgg/u,
      ),
    ]);
  });
});
