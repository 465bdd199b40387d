import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { argo, configMap, customResourceDefinition, it, type TestApplication } from "./fixture.ts";

const wave = (number: number) => ({ annotations: argo({ "sync-wave": String(number) }) });
const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** A kind of a group of the test's own below `parent`, whose status anybody may write; and one object of it. */
function gadget(parent: string) {
  const group = `g${randomBytes(4).toString("hex")}.${parent}`;
  const definition = customResourceDefinition(group, "Gadget", wave(-1));
  const versions = definition.spec.versions.map((version) => ({
    ...version,
    subresources: { status: {} },
    schema: { openAPIV3Schema: { type: "object", properties: { spec: anything, status: anything } } },
  }));
  return {
    group,
    definition: { ...definition, spec: { ...definition.spec, versions } },
    object: {
      apiVersion: `${group}/v1`,
      kind: "Gadget",
      metadata: { name: "one", ...wave(0) },
      spec: { size: 1 },
    },
    /** Where its status is written, as its controller would. */
    statusIn: (namespace: string) => `/apis/${group}/v1/namespaces/${namespace}/gadgets/one/status`,
  };
}

type Gadget = ReturnType<typeof gadget>;

/** Starts a sync of the kind, the object in wave 0 and a ConfigMap in wave 1, and waits until it is held up. */
async function heldUp(app: TestApplication, { group }: Gadget, why: string): Promise<void> {
  await app.startSync();
  await app.waitFor(({ status }) =>
    expect(status?.operationState).toMatchObject({
      phase: "Running",
      message: expect.stringContaining(`waiting for healthy state of ${group}/Gadget/one${why}`) as string,
    }),
  );
  expect(await app.live("configmaps/after")).toBeUndefined();
}

function reports(type: string, status: string, message: string): JsonObject {
  return { status: { conditions: [{ type, status, message }] } };
}

describe("the health of a custom resource", () => {
  it("gates a wave by what the table says of its group, and is the application's health later", async ({
    create,
  }) => {
    const kind = gadget("services.k8s.aws");
    const files = { "all.yaml": [kind.definition, kind.object, configMap("after", {}, wave(1))] };
    const app = await create("table", { files });
    await heldUp(app, kind, " (Waiting for condition ACK.ResourceSynced)");
    await app.patchLive(kind.statusIn(app.namespace), reports("ACK.ResourceSynced", "True", "synced"));
    await app.waitFor(({ status }) => expect(status?.operationState?.phase).toBe("Succeeded"));
    await app.synced();
    await app.patchLive(kind.statusIn(app.namespace), reports("ACK.Terminal", "True", "no such engine"));
    await app.synced("Degraded");
    expect((await app.status()).resources?.find(({ name }) => name === "one")?.health).toEqual({
      status: "Degraded",
      message: "no such engine",
    });
  });

  it("fails a wave by the standard conditions of a kind that nobody knows", async ({ create }) => {
    const kind = gadget("example.com");
    const files = { "all.yaml": [kind.definition, kind.object, configMap("after", {}, wave(1))] };
    const app = await create("standard", { files });
    // It says nothing yet, so nothing waits for it.
    expect(await app.sync()).toMatch(/^Succeeded/u);
    await app.patchLive(kind.statusIn(app.namespace), reports("Ready", "False", "working"));
    await app.removeLive("configmaps/after");
    await heldUp(app, kind, " (working)");
    await app.patchLive(kind.statusIn(app.namespace), reports("Stalled", "True", "no such host"));
    await app.waitFor(({ status }) => expect(status?.operationState?.phase).toBe("Failed"));
    expect(await app.lastResult()).toContain(`${kind.group}/Gadget/one is Degraded: no such host`);
  });
});

describe("the health of a child application", () => {
  it("holds up the next wave of its parent until the child is deployed", async ({ create, hub }) => {
    const donor = await create("donor", { files: { "a.yaml": configMap("of-child") } });
    const parent = await create("parent", { namespace: hub.namespace });
    const { spec } = await donor.read();
    const child = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: `${parent.name}-child`, ...wave(0) },
      spec: { ...spec, syncPolicy: { automated: {} } },
    };
    const next = configMap(`${parent.name}-next`, {}, wave(1));
    await parent.commit({ "all.yaml": [child as unknown as JsonObject, next] });
    expect(await parent.sync()).toMatch(/^Succeeded/u);
    expect(await donor.live("configmaps/of-child")).toBeDefined();
    await parent.synced();
  });

  it("leaves out the application itself, whose manifest may be among its own", async ({ create, hub }) => {
    const app = await create("self", { namespace: hub.namespace });
    const { spec } = await app.read();
    const own = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: app.name, ...wave(0) },
      spec,
    };
    await app.commit({
      "all.yaml": [own as unknown as JsonObject, configMap(`${app.name}-next`, {}, wave(1))],
    });
    expect(await app.sync()).toMatch(/^Succeeded/u);
    await app.synced();
  });
});
