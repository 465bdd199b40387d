import { describe, expect, it } from "vitest";
import { parseOpenApiV3 } from "#core/merge/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewObject, viewString } from "#core/object/index.ts";
import { openRecordedDocuments } from "../recorded/documents.ts";
import { createCustomOpenApi } from "./custom-openapi.ts";
import { definitionStatus } from "./definition-status.ts";

const openApi = createCustomOpenApi(openRecordedDocuments());

function define(scope: string): KubeObject {
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.stable.example.com" },
    spec: {
      group: "stable.example.com",
      scope,
      names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                spec: {
                  type: "object",
                  description: "What it is.",
                  properties: { a: { type: "string", nullable: true } },
                },
              },
            },
          },
        },
      ],
    },
  };
  return { ...definition, status: definitionStatus(definition, [], "2026-01-01T00:00:00Z") };
}

const path = "apis/stable.example.com/v1";
const component = "com.example.stable.v1.Widget";

describe("OpenAPI of custom kinds", () => {
  it("has a document for each group version", () => {
    expect(openApi.paths([define("Namespaced")])).toEqual([path]);
    expect(openApi.documentV3([], path)).toBeUndefined();
  });

  it("has a namespaced kind's paths", () => {
    const paths = viewObject(openApi.documentV3([define("Namespaced")], path), "paths");
    expect(Object.keys(paths)).toEqual([
      `/${path}/namespaces/{namespace}/widgets`,
      `/${path}/namespaces/{namespace}/widgets/{name}`,
      `/${path}/namespaces/{namespace}/widgets/{name}/status`,
      `/${path}/widgets`,
    ]);
    const patch = viewObject(paths, `/${path}/namespaces/{namespace}/widgets/{name}`, "patch");
    expect(viewString(patch, "operationId")).toBe("patchNamespacedWidget");
    expect(patch["x-kubernetes-group-version-kind"]).toEqual({
      group: "stable.example.com",
      version: "v1",
      kind: "Widget",
    });
    expect(JSON.stringify(patch["parameters"])).toContain("fieldValidation");
  });

  it("has a cluster-scoped kind's paths without a namespace", () => {
    const paths = viewObject(openApi.documentV3([define("Cluster")], path), "paths");
    expect(Object.keys(paths)).toEqual([
      `/${path}/widgets`,
      `/${path}/widgets/{name}`,
      `/${path}/widgets/{name}/status`,
    ]);
  });

  it("is read by our own client", () => {
    const document = openApi.documentV3([define("Namespaced")], path) ?? {};
    const schema = parseOpenApiV3(document).schemaOf({
      group: "stable.example.com",
      version: "v1",
      kind: "Widget",
    });
    expect(schema?.name).toBe(component);
    expect(schema?.field("metadata")?.field("ownerReferences")?.listKeys).toEqual(["uid"]);
  });

  it("has definitions of version 2 without what that has no words for", () => {
    const spec = viewObject(openApi.definitionsV2([define("Namespaced")]), component, "properties", "spec");
    expect(spec).toEqual({ type: "object", description: "What it is.", properties: { a: {} } });
  });
});
