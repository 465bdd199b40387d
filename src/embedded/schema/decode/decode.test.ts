import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { createCatalogFactory } from "../../kinds/catalog.ts";
import { openRecordedDocuments } from "../../recorded/documents.ts";
import { createGoTypes } from "../types/go-types.ts";
import { decodeBody } from "./decode.ts";

const documents = openRecordedDocuments();
const types = createGoTypes(() => documents.types);
const catalog = createCatalogFactory(documents).catalogOf([]);

function decodeDeployment(body: JsonObject): ReturnType<typeof decodeBody> {
  const kind = catalog.findKind({ group: "apps", version: "v1", kind: "Deployment" });
  if (kind === undefined) throw new Error("Deployment is not served");
  return decodeBody(types, kind, body);
}

describe("reading a body", () => {
  it("leaves out unknown fields and tells where they are", () => {
    const container = { name: "c", imgae: "x", env: [{ name: "A", vale: "1" }] };
    const { object, unknown } = decodeDeployment({
      bar: 1,
      metadata: { foo: 1 },
      spec: { zap: {}, template: { spec: { containers: [container] } } },
    });
    expect(unknown).toEqual([
      `unknown field "bar"`,
      `unknown field "metadata.foo"`,
      `unknown field "spec.zap"`,
      `unknown field "spec.template.spec.containers[0].imgae"`,
      `unknown field "spec.template.spec.containers[0].env[0].vale"`,
    ]);
    expect(object).toEqual({
      metadata: {},
      spec: { template: { spec: { containers: [{ name: "c", env: [{ name: "A" }] }] } } },
    });
  });

  it("takes null for nothing, and in a map or list for the zero value", () => {
    const { object } = decodeDeployment({
      metadata: { labels: { a: null }, annotations: null },
      spec: { replicas: null, template: { spec: { containers: [null] } } },
    });
    expect(object).toEqual({
      metadata: { labels: { a: "" } },
      spec: { template: { spec: { containers: [{}] } } },
    });
  });

  it("refuses a value of the wrong type with Go's words", () => {
    expect(() => decodeDeployment({ spec: { replicas: "two" } })).toThrow(
      `Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32`,
    );
  });
});
