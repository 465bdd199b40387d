import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import {
  ApplicationCreateRequestSchema,
  ApplicationPodLogsQuerySchema,
} from "../gen/argocd/application_pb.ts";
import { ApplicationSchema, AppProjectSchema, ResourceNodeSchema } from "../gen/argocd/types_pb.ts";
import { readMessage, requireFields, writeMessage } from "./index.ts";

const app: JsonObject = {
  metadata: {
    name: "web",
    namespace: "argocd",
    creationTimestamp: "2026-01-31T12:00:00Z",
    labels: { tier: "front" },
    finalizers: ["resources-finalizer.argocd.argoproj.io"],
    ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "a", uid: "u", controller: false }],
  },
  spec: {
    project: "default",
    destination: { server: "https://kubernetes.default.svc", namespace: "shop" },
    source: {
      repoURL: "https://git.example.com/shop.git",
      path: "web",
      helm: {
        valuesObject: { replicas: 2, nested: { on: true, none: null } },
        parameters: [{ name: "a", value: "1" }],
      },
      plugin: {
        name: "p",
        parameters: [
          { name: "map", map: { a: "1" } },
          { name: "list", array: ["x", "y"] },
          { name: "text", string: "z" },
        ],
      },
    },
    syncPolicy: {
      automated: { enabled: false },
      retry: { limit: 2, backoff: { duration: "5s", factor: 0 } },
    },
    revisionHistoryLimit: 0,
  },
};

function overTheWire(value: JsonObject): JsonObject {
  const sent = toBinary(ApplicationSchema, writeMessage(ApplicationSchema, value) as never);
  return readMessage(ApplicationSchema, fromBinary(ApplicationSchema, sent));
}

describe("an Application over gRPC", () => {
  it("comes out as it went in, with what is false or 0 on purpose", () => {
    const { ownerReferences: _references, ...metadata } = app["metadata"] as JsonObject;
    const plain = { ...app, metadata };
    expect(overTheWire(plain)).toEqual(plain);
  });

  it("loses the empty texts and objects that Go's clients send, and an empty automated block stays", () => {
    const sent = {
      metadata: { name: "web", generateName: "" },
      spec: {
        project: "",
        destination: { server: "s", name: "" },
        source: { repoURL: "r", chart: "", directory: { recurse: false, jsonnet: {} } },
        syncPolicy: { automated: {} },
      },
      status: { sync: { status: "", comparedTo: { source: {}, destination: {} } }, health: {}, summary: {} },
    };
    expect(overTheWire(sent)).toEqual({
      metadata: { name: "web" },
      spec: {
        destination: { server: "s" },
        source: { repoURL: "r", directory: {} },
        syncPolicy: { automated: {} },
      },
    });
  });
});

describe("a project over gRPC", () => {
  it("keeps the name of the core group, which is empty", () => {
    const project = {
      metadata: { name: "shop" },
      spec: {
        clusterResourceWhitelist: [{ group: "", kind: "Namespace" }],
        namespaceResourceBlacklist: [{ group: "", kind: "Secret" }],
      },
    };
    const sent = toBinary(AppProjectSchema, writeMessage(AppProjectSchema, project) as never);
    expect(readMessage(AppProjectSchema, fromBinary(AppProjectSchema, sent))).toEqual(project);
  });
});

describe("fields that Go embeds", () => {
  it("stand among those of their parent", () => {
    const node = { kind: "Pod", name: "web-1", version: "v1", uid: "u", resourceVersion: "7" };
    const message = writeMessage(ResourceNodeSchema, node);
    expect(message).toMatchObject({ resourceRef: { kind: "Pod", name: "web-1" }, resourceVersion: "7" });
    expect(readMessage(ResourceNodeSchema, message)).toEqual(node);
  });
});

describe("a value of the wrong kind", () => {
  it.for([
    [
      { metadata: { creationTimestamp: "yesterday" } },
      "Application.metadata.creationTimestamp: must be a time such as 2026-01-31T12:00:00Z, not a text",
    ],
    [{ metadata: { labels: { a: 1 } } }, "Application.metadata.labels.a: must be a text, not a number"],
    [{ spec: { sources: {} } }, "Application.spec.sources: must be a list, not an object"],
    [
      { spec: { sources: [{ helm: "x" }] } },
      "Application.spec.sources[0].helm: must be an object, not a text",
    ],
    [
      { spec: { revisionHistoryLimit: 1.5 } },
      "Application.spec.revisionHistoryLimit: must be a whole number, not a number",
    ],
    [
      { spec: { source: { helm: { valuesObject: "a: 1" } } } },
      "Application.spec.source.helm.valuesObject: must be an object, not a text",
    ],
  ] as const)("is named: %#", ([value, message]) => {
    expect(() => writeMessage(ApplicationSchema, value as unknown as JsonObject)).toThrow(message);
  });
});

describe("required fields", () => {
  it("are asked for in requests, and are zero where an answer has none", () => {
    expect(() => requireFields(ApplicationCreateRequestSchema, {})).toThrow(
      "ApplicationCreateRequest.application: is required and missing; give it",
    );
    expect(() => requireFields(ApplicationPodLogsQuerySchema, { name: "web" })).not.toThrow();
    const sent = toBinary(
      ApplicationPodLogsQuerySchema,
      writeMessage(ApplicationPodLogsQuerySchema, {}) as never,
    );
    expect(fromBinary(ApplicationPodLogsQuerySchema, sent).name).toBe("");
  });
});
