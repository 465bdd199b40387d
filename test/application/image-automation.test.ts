import { expect, it, onTestFinished } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { callApi, controlPlane, eventually } from "../control-plane/fixture.ts";
import { startServer } from "../images/bed.ts";
import { automationOf, layers, plainRegistry, startRepository } from "../images/plane.ts";
import { createHub } from "./hub.ts";

it("writes a new image to Git on a real control plane, which checks what the definition says", async () => {
  const server = await startServer();
  for (const tag of ["1.0.0", "1.1.0"]) await server.push("acme/web", tag, layers);
  const image = `${server.host}/acme/web`;
  const repository = await startRepository({ "web.yaml": `image: ${image}:1.0.0 # here\n` });
  const access = controlPlane();
  const hub = await createHub(access);
  onTestFinished(async () => await hub[Symbol.asyncDispose]());
  const { namespace } = hub;
  const placed = (object: JsonObject & { readonly metadata: object }): JsonObject => ({
    ...object,
    metadata: { ...object.metadata, namespace },
  });
  await hub.create(placed(plainRegistry(server.host)));
  const automation = automationOf("shop", { git: { repoURL: repository.httpUrl }, images: [{ image }] });
  await hub.create(placed(automation));
  await expect(hub.create(placed(automationOf("none", { git: { branch: "main" } })))).rejects.toThrow("422");
  await hub.start();
  const path = `/apis/mooring.dev/v1alpha1/namespaces/${namespace}/imageautomations/shop`;
  await eventually(async () => {
    const { status } = await callApi<JsonObject>(access, { path });
    const [ready] = viewArray(status, "conditions");
    expect(viewString(ready, "message")).toBe(`wrote ${image}:1.1.0`);
    expect(viewString(status, "lastCommit")).toBe(await repository.git("rev-parse", "main"));
  });
  expect(await repository.git("show", "main:web.yaml")).toBe(`image: ${image}:1.1.0 # here`);
  expect(hub.log.filter((line) => line.includes("cannot be written"))).toEqual([]);
});
