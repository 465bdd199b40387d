import { describe, expect, it } from "vitest";
import { compareAnswer, compareObject, comparePrediction, predictObject } from "./compare.ts";
import { planMigration } from "./migration.ts";
import { normalizeDesired } from "./normalize-desired.ts";
import { fieldSetOf, formatFieldsV1, parseFieldsV1, parseOpenApiV3 } from "#core/merge/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";

const container = {
  type: "object",
  properties: {
    name: { type: "string" },
    image: { type: "string" },
    limits: { type: "object", additionalProperties: { $ref: `#/components/schemas/${QUANTITY}` } },
    env: {
      type: "array",
      items: { type: "object", properties: { name: { type: "string" }, value: { type: "string" } } },
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    },
  },
};
const schema = parseOpenApiV3({
  components: {
    schemas: {
      [QUANTITY]: {},
      "io.k8s.api.test.v1.Web": {
        type: "object",
        "x-kubernetes-group-version-kind": [{ group: "apps", version: "v1", kind: "Web" }],
        properties: {
          apiVersion: { type: "string" },
          kind: { type: "string" },
          metadata: {
            type: "object",
            properties: {
              name: { type: "string" },
              namespace: { type: "string" },
              annotations: { type: "object", additionalProperties: { type: "string" } },
              labels: { type: "object", additionalProperties: { type: "string" } },
            },
          },
          spec: {
            type: "object",
            properties: {
              replicas: { type: "integer" },
              minReady: { type: "integer" },
              containers: {
                type: "array",
                items: container,
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["name"],
              },
            },
          },
        },
      },
    },
  },
}).schemaOf({ group: "apps", version: "v1", kind: "Web" });

const desired: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Web",
  metadata: { name: "web", labels: { app: "web" } },
  spec: {
    minReady: 0,
    containers: [{ name: "web", image: "web:1", limits: { cpu: "1000m" }, env: [{ name: "A", value: "" }] }],
  },
};

function entry(manager: string, operation: "Apply" | "Update", fields: JsonObject): JsonObject {
  return {
    manager,
    operation,
    apiVersion: "apps/v1",
    fieldsType: "FieldsV1",
    fieldsV1: fields,
    time: "2026-01-01T00:00:00Z",
  };
}

const ours = entry("us", "Apply", formatFieldsV1(fieldSetOf(desired, schema)));

function live(
  spec: JsonObject,
  managedFields: readonly JsonObject[] = [ours],
  annotations: JsonObject = {},
): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Web",
    metadata: {
      name: "web",
      namespace: "shop",
      uid: "u",
      resourceVersion: "5",
      generation: 3,
      labels: { app: "web" },
      ...(Object.keys(annotations).length > 0 && { annotations: annotations as Record<string, string> }),
      managedFields,
    },
    spec,
    status: { ready: 1 },
  };
}

const AS_STORED = {
  replicas: 1,
  containers: [{ name: "web", image: "web:1", limits: { cpu: "1" }, env: [{ name: "A" }] }],
};

function inputOf(now: KubeObject | undefined, wanted: KubeObject) {
  return {
    desired: wanted,
    live: now,
    schema,
    fieldManager: "us",
    secretHash: (value: string) => `#${value.length}`,
  };
}

function compare(now: KubeObject | undefined, wanted: KubeObject = desired) {
  const comparison = compareObject(inputOf(now, wanted));
  const { predicted: _predicted, ignored: _ignored, ...rest } = comparison;
  return rest;
}

const SYNCED = { sync: "Synced", drift: [], predictable: true, needsApply: false };

describe("compareObject", () => {
  it("is synced when only spelling, defaults and dropped zero values differ", () => {
    expect(compare(live(AS_STORED))).toEqual(SYNCED);
  });

  it("is out of sync when the object is missing", () => {
    expect(compare(undefined)).toEqual({
      sync: "OutOfSync",
      drift: [{ path: "" }],
      predictable: true,
      needsApply: true,
    });
  });

  it("names each field that drifted and who owns it now", () => {
    const editor = entry("kubectl-edit", "Update", {
      "f:spec": { "f:containers": { 'k:{"name":"web"}': { "f:image": {} } } },
    });
    const drifted = live(
      { ...AS_STORED, containers: [{ ...AS_STORED.containers[0], image: "web:2", env: [] }] },
      [ours, editor],
    );
    expect(compare(drifted)).toEqual({
      sync: "OutOfSync",
      drift: [
        { path: 'spec.containers[name="web"].image', manager: "kubectl-edit" },
        { path: 'spec.containers[name="web"].env[name="A"]', manager: "us" },
      ],
      predictable: true,
      needsApply: true,
    });
  });

  it("is synced, with something to apply, when values are right and owned by another", () => {
    expect(
      compare(live(AS_STORED, [entry("other", "Update", { "f:spec": {} })]), {
        ...desired,
        spec: { replicas: 1 },
      }),
    ).toEqual({
      ...SYNCED,
      needsApply: true,
    });
  });

  it("ignores status and metadata that the desired object brings along", () => {
    const exported = {
      ...desired,
      metadata: {
        ...desired.metadata,
        uid: "other",
        resourceVersion: "1",
        generation: 9,
        creationTimestamp: null,
      },
      status: { ready: 0 },
    };
    expect(compare(live(AS_STORED), exported as unknown as KubeObject)).toEqual(SYNCED);
  });

  it("is synced when all that differs is ignored, and a sync still applies it", () => {
    const path = ["spec", "replicas"];
    const scaled = { ...desired, spec: { ...(desired["spec"] as JsonObject), replicas: 2 } };
    const owned = entry("us", "Apply", formatFieldsV1(fieldSetOf(scaled, schema)));
    const now = live(AS_STORED, [owned]);
    const input = { ...inputOf(now, scaled), live: now };
    const { predicted: _predicted, ...ignoring } = comparePrediction(input, predictObject(input, now), {
      live: [path],
      predicted: [path],
    });
    const ignored = [{ path: "spec.replicas", manager: "us" }];
    expect(ignoring).toEqual({ ...SYNCED, ignored, needsApply: true });
    expect(compare(live(AS_STORED, [owned]), scaled).drift).toEqual([
      { path: "spec.replicas", manager: "us" },
    ]);
  });

  it("is out of sync until a dry run answers where it cannot tell", () => {
    const twice = { ...desired, spec: { containers: [{ name: "a" }, { name: "a" }] } };
    const input = { desired: twice, live: live(AS_STORED), schema, fieldManager: "us", secretHash: String };
    expect(compare(live(AS_STORED), twice)).toMatchObject({
      sync: "OutOfSync",
      predictable: false,
      needsApply: true,
    });
    expect(compareAnswer(input, live(AS_STORED))).toMatchObject({
      sync: "Synced",
      drift: [],
      predictable: true,
    });
  });

  it("shows a Secret's prediction without its values", () => {
    const secret: KubeObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      stringData: { key: "hunter22" },
    };
    const now: KubeObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      data: { key: "aHVudGVyMQ==" },
    };
    const comparison = compareObject({
      desired: secret,
      live: now,
      schema: undefined,
      fieldManager: "us",
      secretHash: () => "h",
    });
    expect(comparison.drift).toEqual([{ path: "data.key" }]);
    expect(JSON.stringify(comparison)).not.toMatch(/hunter|aHVudGVy/);
    expect(comparison.predicted?.["data"]).toEqual({ key: "<secret h>" });
  });

  it("leaves the rules of an aggregated ClusterRole to its controller, and the order of endpoints to theirs", () => {
    const role = (rules: readonly JsonObject[]): KubeObject => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "r" },
      aggregationRule: { clusterRoleSelectors: [] },
      rules,
    });
    const endpoints = (...ips: readonly string[]): KubeObject => ({
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name: "e" },
      subsets: [{ addresses: ips.map((ip) => ({ ip })) }],
    });
    const drift = (now: KubeObject, wanted: KubeObject) =>
      compareObject({ desired: wanted, live: now, schema: undefined, fieldManager: "us", secretHash: String })
        .drift;
    expect(drift(role([{ verbs: ["get"] }]), role([]))).toEqual([]);
    expect(drift(endpoints("10.0.0.1", "10.0.0.2"), endpoints("10.0.0.2", "10.0.0.1"))).toEqual([]);
    expect(drift(endpoints("10.0.0.1"), endpoints("10.0.0.2"))).toEqual([{ path: "subsets" }]);
  });
});

describe("an object that was applied client-side", () => {
  const plain = { ...desired, spec: { containers: [{ name: "web", image: "web:1" }] } };
  const lastApplied = { ...desired, spec: { ...plain.spec, replicas: 1 } };
  const annotations = { [LAST_APPLIED]: JSON.stringify(lastApplied), note: "kept" };
  const kubectl = entry("kubectl-client-side-apply", "Update", {
    "f:metadata": {
      "f:annotations": { ".": {}, [`f:${LAST_APPLIED}`]: {} },
      "f:labels": { ".": {}, "f:app": {} },
    },
    "f:spec": {
      "f:replicas": {},
      "f:defaulted": {},
      "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:name": {}, "f:image": {} } },
    },
  });
  const now = live(
    { ...AS_STORED, defaulted: 10 },
    [kubectl, entry("hpa", "Update", { "f:metadata": { "f:annotations": { "f:note": {} } } })],
    annotations,
  );

  it("drifts in what left its last-applied configuration, and only there", () => {
    expect(compare(now, plain)).toEqual({
      sync: "OutOfSync",
      drift: [{ path: "spec.replicas", manager: "kubectl-client-side-apply" }],
      predictable: true,
      needsApply: true,
    });
    expect(compare(now, lastApplied)).toEqual({ ...SYNCED, needsApply: true });
  });

  it("is taken over with what it applied, not with its defaults, and only if nobody wrote meanwhile", () => {
    const { needed, patch } = planMigration(now, "us");
    expect(needed).toBe(true);
    const [managedFields, resourceVersion] = patch;
    expect(resourceVersion).toEqual({ op: "replace", path: "/metadata/resourceVersion", value: "5" });
    expect(managedFields?.path).toBe("/metadata/managedFields");
    const [other, own] = (managedFields?.value ?? []) as readonly JsonObject[];
    expect(other?.["manager"]).toBe("hpa");
    expect(own).toMatchObject({
      manager: "us",
      operation: "Apply",
      apiVersion: "apps/v1",
      fieldsType: "FieldsV1",
    });
    expect(parseFieldsV1(own?.["fieldsV1"] as JsonObject).paths()).toEqual([
      ["f:metadata", "f:annotations", `f:${LAST_APPLIED}`],
      ["f:metadata", "f:labels"],
      ["f:metadata", "f:labels", "f:app"],
      ["f:spec", "f:containers", 'k:{"name":"web"}'],
      ["f:spec", "f:containers", 'k:{"name":"web"}', "f:image"],
      ["f:spec", "f:containers", 'k:{"name":"web"}', "f:name"],
      ["f:spec", "f:replicas"],
    ]);
  });

  it("needs no migration once taken over, or when its annotation is gone or broken", () => {
    expect(planMigration(live(AS_STORED), "us")).toEqual({ needed: false, patch: [] });
    expect(planMigration(live(AS_STORED, [kubectl]), "us").needed).toBe(false);
    expect(planMigration(live(AS_STORED, [kubectl], { [LAST_APPLIED]: "{" }), "us").needed).toBe(false);
  });
});

describe("normalizeDesired", () => {
  it("moves a Secret's text into its data", () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {},
      data: { a: "YQ==", b: "Yg==" },
      stringData: { b: "ü", c: 1 },
    };
    expect(normalizeDesired(secret as unknown as KubeObject)).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: {},
      data: { a: "YQ==", b: "w7w=", c: "MQ==" },
    });
  });

  it("drops null timestamps at every depth and the client-side annotation, and nothing else", () => {
    const object = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { creationTimestamp: null, annotations: { [LAST_APPLIED]: "{}", a: "b" } },
      spec: { template: { metadata: { creationTimestamp: null }, spec: { replicas: null } }, strategy: {} },
      status: {},
    };
    expect(normalizeDesired(object as unknown as KubeObject)).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { annotations: { a: "b" } },
      spec: { template: { metadata: {}, spec: { replicas: null } }, strategy: {} },
    });
  });
});
