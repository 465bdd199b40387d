import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { openRecordedDocuments } from "../recorded/documents.ts";
import { createCatalogFactory } from "./catalog.ts";
import { compareVersions } from "./custom-kinds.ts";
import { definitionStatus } from "./definition-status.ts";

const factory = createCatalogFactory(openRecordedDocuments());

function define(names: JsonObject, versions: readonly JsonObject[] = []): KubeObject {
  const plural = viewString(names, "plural") ?? "";
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.example.com` },
    spec: { group: "example.com", scope: "Namespaced", names, versions },
  };
  return { ...definition, status: definitionStatus(definition, [], "2026-01-01T00:00:00Z") };
}

const schema = {
  openAPIV3Schema: {
    type: "object",
    properties: {
      spec: {
        type: "object",
        properties: {
          list: {
            type: "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["name"],
            items: { type: "object", properties: { name: { type: "string" } } },
          },
          any: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
      },
    },
  },
};
const widgets = define(
  { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList", shortNames: ["wd"] },
  [
    { name: "v1beta1", served: true, storage: false, schema },
    {
      name: "v1",
      served: true,
      storage: true,
      schema,
      subresources: {
        status: {},
        scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
      },
      additionalPrinterColumns: [{ name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" }],
    },
    { name: "v0", served: false, storage: false, schema },
  ],
);

describe("the catalog of kinds", () => {
  it("has what kube-apiserver serves", () => {
    const deployments = factory.catalogOf([]).find("apps", "v1", "deployments");
    expect(deployments).toMatchObject({
      kind: "Deployment",
      listKind: "DeploymentList",
      singular: "deployment",
      namespaced: true,
      shortNames: ["deploy"],
      categories: ["all"],
      resource: "apps/deployments",
      hasStatus: true,
      scale: { specReplicas: ["spec", "replicas"], selector: ["spec", "selector"] },
      isCustom: false,
    });
    expect(
      deployments?.merge?.field("spec")?.field("template")?.field("spec")?.field("containers")?.listKeys,
    ).toEqual(["name"]);
  });

  it("lists other subresources of a kind apart", () => {
    expect(factory.catalogOf([]).find("", "v1", "pods")?.subresources).toContain("log");
  });

  it("knows all versions of a resource, the preferred first", () => {
    const catalog = factory.catalogOf([widgets]);
    expect(catalog.versionsOf("autoscaling/horizontalpodautoscalers").map(({ version }) => version)).toEqual([
      "v2",
      "v1",
    ]);
    expect(catalog.versionsOf("example.com/widgets").map(({ version }) => version)).toEqual([
      "v1",
      "v1beta1",
    ]);
  });

  it("has the kinds of definitions as their status accepts them", () => {
    const kind = factory
      .catalogOf([widgets])
      .findKind({ group: "example.com", version: "v1", kind: "Widget" });
    expect(kind).toMatchObject({
      plural: "widgets",
      shortNames: ["wd"],
      hasStatus: true,
      scale: { specReplicas: ["spec", "replicas"], statusReplicas: ["status", "replicas"] },
      columns: [{ name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" }],
      isCustom: true,
    });
    expect(kind?.merge?.field("spec")?.field("list")?.listKeys).toEqual(["name"]);
    expect(kind?.merge?.field("metadata")?.field("finalizers")?.listType).toBe("set");
  });

  it("leaves out a definition that is not established", () => {
    const { status: _, ...unestablished } = widgets;
    expect(
      factory.catalogOf([unestablished as KubeObject]).find("example.com", "v1", "widgets"),
    ).toBeUndefined();
  });

  it("reads a definition once", () => {
    const [first, second] = [factory.catalogOf([widgets]), factory.catalogOf([widgets])];
    expect(first.find("example.com", "v1", "widgets")).toBe(second.find("example.com", "v1", "widgets"));
  });

  it("prefers stable versions, then newer ones", () => {
    const names = ["foo", "v1alpha1", "v2", "v10", "v1beta2", "v1", "v2beta1", "bar"];
    expect(names.toSorted(compareVersions)).toEqual([
      "v10",
      "v2",
      "v1",
      "v2beta1",
      "v1beta2",
      "v1alpha1",
      "bar",
      "foo",
    ]);
  });
});

describe("the status of a definition", () => {
  const gadgets = define({
    plural: "gadgets",
    singular: "widget",
    kind: "Gadget",
    listKind: "GadgetList",
    shortNames: ["wd", "g"],
  });

  it("accepts names that are free", () => {
    expect(widgets["status"]).toMatchObject({
      acceptedNames: { plural: "widgets", kind: "Widget", shortNames: ["wd"] },
      conditions: [
        { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" },
        { type: "Established", status: "True", reason: "InitialNamesAccepted" },
      ],
      storedVersions: ["v1"],
    });
  });

  it("does not establish a definition whose names are taken", () => {
    const { status: _, ...fresh } = gadgets;
    expect(definitionStatus(fresh as KubeObject, [widgets], "2026-01-01T00:00:00Z")).toMatchObject({
      acceptedNames: { plural: "gadgets", kind: "Gadget" },
      conditions: [
        {
          type: "NamesAccepted",
          status: "False",
          reason: "ShortNamesConflict",
          message: `"wd" is already in use`,
        },
        { type: "Established", status: "False", reason: "NotAccepted" },
      ],
    });
  });

  it("keeps what is established, and the time of what has not changed", () => {
    const later = definitionStatus(widgets, [gadgets], "2027-01-01T00:00:00Z");
    expect(later).toEqual(widgets["status"]);
  });
});
