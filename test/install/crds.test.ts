import { describe, expect, it } from "vitest";
import { applicationSchema } from "#core/crd/application-schema.ts";
import { applicationSetSchema } from "#core/crd/application-set-schema.ts";
import { customResourceDefinitions } from "#core/crd/index.ts";
import { imageAutomationSchema } from "#core/crd/image-automation-schema.ts";
import { projectSchema } from "#core/crd/project-schema.ts";
import type { Schema } from "#core/crd/schema.ts";
import { parseApplication } from "#core/app/index.ts";
import { parseProject } from "#core/project/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { callApi, controlPlane, eventually, testNamespace } from "#test/control-plane/fixture.ts";

const crdPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Server-side apply: other tests that install the same definitions do not get in the way. */
async function install(definition: KubeObject): Promise<void> {
  const path = `${crdPath}/${definition.metadata.name}`;
  await callApi(controlPlane(), {
    method: "PATCH",
    path: `${path}?fieldManager=crds-test&force=true`,
    contentType: "application/apply-patch+yaml",
    body: definition,
  });
  await eventually(async () => {
    const installed: JsonObject = await callApi(controlPlane(), { path });
    const conditions = viewArray(installed["status"], "conditions").map(
      (condition) => `${viewString(condition, "type")}=${viewString(condition, "status")}`,
    );
    expect(conditions).toContain("Established=True");
    expect(conditions).not.toContain("NonStructuralSchema=True");
  });
}

/** A value that has every field of a schema. */
function sampleOf(schema: Schema): JsonValue {
  switch (schema.kind) {
    case "string":
      return schema.format === "date-time" ? "2026-11-23T20:30:12Z" : "text";
    case "choice":
      return schema.values[0] ?? "";
    case "boolean":
      return true;
    case "integer":
    case "intOrString":
      return 7;
    case "any":
      return { kept: { as: ["it", "stands"] } };
    case "array":
      return [sampleOf(schema.items)];
    case "map":
      return { key: sampleOf(schema.values) };
    case "object":
      return Object.fromEntries(
        Object.entries(schema.fields).map(([name, field]) => [name, sampleOf(field)]),
      );
    default:
      throw new Error(`unhandled schema: ${JSON.stringify(schema satisfies never)}`);
  }
}

describe("the CustomResourceDefinitions on a real API server", () => {
  it.each([
    ["Application", applicationSchema, parseApplication],
    ["AppProject", projectSchema, parseProject],
    ["ApplicationSet", applicationSetSchema, undefined],
    ["ImageAutomation", imageAutomationSchema, undefined],
  ] as const)("keep every field of an %s", async (kind, schema, parse) => {
    const definition = customResourceDefinitions().find(
      (one) => viewString(one, "spec", "names", "kind") === kind,
    );
    if (definition === undefined) throw new Error(`no definition of ${kind}`);
    await install(definition);
    const namespace = await testNamespace("crds");
    const fields = sampleOf(schema) as JsonObject;
    const apiVersion = `${viewString(definition, "spec", "group")}/v1alpha1`;
    const body = { apiVersion, kind, metadata: { name: "full" }, ...fields };
    const path = `/apis/${apiVersion}/namespaces/${namespace}/${viewString(definition, "spec", "names", "plural")}`;
    await eventually(async () => callApi(controlPlane(), { path }));
    await callApi(controlPlane(), { method: "POST", path: `${path}?fieldValidation=Strict`, body });
    const kept: KubeObject = await callApi(controlPlane(), { path: `${path}/full` });
    const { apiVersion: _, kind: _kind, metadata: _metadata, ...content } = kept;
    const { status: _status, ...withoutStatus } = fields;
    const isApart = kind === "ApplicationSet" || kind === "ImageAutomation";
    expect(content).toEqual(isApart ? withoutStatus : fields);
    if (parse !== undefined) expect(parse(kept)).toBe(kept);
  });
});
