import { describe, expect, it } from "vitest";
import type { JsonObject } from "../manifest/json.ts";
import { fieldOwners, ownersOf } from "./field-owners.ts";

const entry = (manager: string, operation: string, fieldsV1: JsonObject): JsonObject => ({
  manager,
  operation,
  time: "2026-01-31T12:00:00Z",
  fieldsV1,
});

const live: JsonObject = {
  metadata: {
    annotations: { "example.com/a.b": "x" },
    finalizers: ["one", "two"],
    managedFields: [
      entry("mooring", "Apply", {
        "f:metadata": { "f:annotations": { "f:example.com/a.b": {} } },
        "f:spec": {
          "f:replicas": {},
          "f:selector": {},
          "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:name": {}, "f:image": {} } },
        },
      }),
      entry("kubectl-edit", "Update", {
        "f:metadata": { "f:finalizers": { 'v:"two"': {} } },
        "f:spec": {
          "f:replicas": {},
          "f:ports": { 'k:{"containerPort":80,"protocol":"TCP"}': { "f:name": {} } },
          "f:gone": { "f:x": {} },
          "f:containers": { 'k:{"name":"away"}': { "f:image": {} } },
        },
      }),
    ],
  },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    containers: [
      { name: "log", image: "log:1" },
      { name: "web", image: "web:1" },
    ],
    ports: [{ containerPort: 80, protocol: "TCP", name: "http" }],
  },
};

describe("fieldOwners", () => {
  const owners = fieldOwners(live);
  const of = (path: string) => ownersOf(owners, path).map(({ manager }) => manager);

  it("tells all that own a field", () => {
    expect(of("spec.replicas")).toEqual(["mooring", "kubectl-edit"]);
    expect(ownersOf(owners, "spec.replicas")[0]).toEqual({
      manager: "mooring",
      time: "2026-01-31T12:00:00Z",
      isApplied: true,
    });
  });

  it("finds items by their keys and values where they are now", () => {
    expect(of("spec.containers[1].image")).toEqual(["mooring"]);
    expect(of("spec.containers[0].image")).toEqual([]);
    expect(of("spec.ports[0].name")).toEqual(["kubectl-edit"]);
    expect(of("metadata.finalizers[1]")).toEqual(["kubectl-edit"]);
    expect(of("metadata.finalizers[0]")).toEqual([]);
  });

  it("tells of a part who owns the whole", () => {
    expect(of("spec.selector.matchLabels.app")).toEqual(["mooring"]);
    expect(of("metadata.annotations.example.com/a.b")).toEqual(["mooring"]);
    expect(of("spec.a]b[c.d")).toEqual([]);
  });
});
