import { expect } from "vitest";
import { controlPlane, createNamespace, eventually } from "../control-plane/fixture.ts";
import { objectOf } from "./cases.ts";
import { mergeServer } from "./server.ts";
import { GADGET, GADGET_CRD } from "./write-manifests.ts";

/** A namespace in which Gadgets can be written, with their schema known. */
export async function createGadgetNamespace(prefix: string): ReturnType<typeof createNamespace> {
  const created = await createNamespace(controlPlane(), prefix);
  const server = mergeServer(controlPlane(), created.name);
  await server.apply(objectOf(GADGET_CRD), "test");
  await eventually(async () => {
    server.forgetSchemas();
    expect(await server.schemaOf(objectOf(GADGET))).toBeDefined();
  });
  return created;
}
