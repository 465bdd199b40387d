import { beforeAll, describe, expect, it } from "vitest";
import { callApi, controlPlane } from "../control-plane/fixture.ts";
import { APPLY_CASES } from "./apply-cases.ts";
import { objectOf } from "./cases.ts";
import { createGadgetNamespace } from "./gadget-namespace.ts";
import { mergeServer } from "./server.ts";
import { named } from "./verdicts.ts";
import { UPDATE_CASES } from "./update-cases.ts";
import { GADGET } from "./write-manifests.ts";
import { writeScript } from "./writes.ts";
import { recordUpdate } from "#core/merge/index.ts";
import type { KubeObject } from "#core/object/index.ts";

describe("a script of writes leaves what the API server leaves", () => {
  let namespace = "";

  beforeAll(async () => {
    const created = await createGadgetNamespace("writes");
    namespace = created.name;
    return () => created[Symbol.asyncDispose]();
  });

  it.for([...APPLY_CASES, ...UPDATE_CASES].map((entry, index) => ({ ...entry, index })))(
    "$title",
    async ({ object, writes, index }) => {
      const script = writeScript({
        access: controlPlane(),
        namespace,
        object: named(objectOf(object), index),
      });
      for (const [step, write] of writes.entries()) {
        const { actual, expected } = await script.write(write);
        expect({ step, ...expected }).toEqual({ step, ...actual });
        await script.age();
      }
    },
  );

  it("replicas are owned through scale without a time", async () => {
    const object = objectOf(GADGET.replace("name: g,", "name: scaled,"));
    const path = `/apis/writes.example.com/v1/namespaces/${namespace}/gadgets/scaled`;
    const server = mergeServer(controlPlane(), namespace);
    await server.apply(object, "owner");
    const schema = await server.schemaOf(object);
    const { apiVersion } = object;
    const context = { schema, apiVersion, subresource: "scale", hasStatus: true, time: "" };
    for (const [replicas, manager] of [
      [3, "hpa"],
      [3, "other"],
      [4, "hpa"],
      [5, "other"],
    ] as const) {
      const live = await server.read(object);
      await callApi(controlPlane(), {
        method: "PATCH",
        path: `${path}/scale?fieldManager=${manager}`,
        contentType: "application/merge-patch+json",
        body: { spec: { replicas } },
      });
      const answer = await server.read(object);
      const next = { ...live, spec: answer["spec"] } as KubeObject;
      const recorded = recordUpdate({ ...context, manager, live, next });
      expect(recorded.metadata.managedFields).toEqual(answer.metadata.managedFields);
    }
  });
});
