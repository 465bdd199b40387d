import { beforeAll, describe, expect, it } from "vitest";
import { controlPlane, createNamespace } from "../control-plane/fixture.ts";
import { CASES, objectOf } from "./cases.ts";
import { MORE_CASES } from "./more-cases.ts";
import type { MergeServer } from "./server.ts";
import { mergeServer } from "./server.ts";
import { named } from "./verdicts.ts";
import { parseManagedFields, recordUpdate } from "#core/merge/index.ts";
import type { KubeObject } from "#core/object/index.ts";

/** Kinds to which admission or their registry adds something after managedFields are made, which the answer shows. */
const COMPLETED = new Set(["Job", "PersistentVolume", "PersistentVolumeClaim", "Pod", "Service"]);
const ELSEWHERE = new Set(["Widget", "CustomResourceDefinition"]);

const MANIFESTS = [...new Set([...CASES, ...MORE_CASES].map(({ before }) => before))]
  .map((yaml, index) => ({ kind: objectOf(yaml).kind, object: named(objectOf(yaml), 1000 + index) }))
  .filter(({ kind }) => !ELSEWHERE.has(kind));

describe("who creates an object owns what the API server says", () => {
  let server: MergeServer;

  beforeAll(async () => {
    const namespace = await createNamespace(controlPlane(), "creations");
    server = mergeServer(controlPlane(), namespace.name);
    return () => namespace[Symbol.asyncDispose]();
  });

  it.for(MANIFESTS)("$kind", async ({ kind, object }) => {
    const answer = await server.create(object, "maker");
    const { managedFields: _managedFields, ...metadata } = answer.metadata;
    const time = parseManagedFields(answer)[0]?.time ?? "";
    const schema = await server.schemaOf(object);
    const context = { schema, manager: "maker", apiVersion: object.apiVersion, subresource: "", time };
    const recorded = recordUpdate({
      ...context,
      hasStatus: true,
      live: undefined,
      next: { ...answer, metadata },
    });
    await server.discard(object);
    if (COMPLETED.has(kind)) expect(missingIn(recorded, answer)).toEqual([]);
    else expect(recorded.metadata.managedFields).toEqual(answer.metadata.managedFields);
  });
});

function missingIn(recorded: KubeObject, answer: KubeObject): readonly string[] {
  const own = parseManagedFields(recorded)[0]?.fields;
  const real = parseManagedFields(answer).find(({ manager }) => manager === "maker");
  return (real?.fields.paths() ?? []).filter((path) => own?.has(path) !== true).map((path) => path.join("/"));
}
