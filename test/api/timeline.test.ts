import { afterAll, beforeAll, expect, it } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { RunningUp } from "./fixture.ts";
import { startUp } from "./fixture.ts";

const configMap = (level: string): string => `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: ${level}}
---
apiVersion: v1
kind: Secret
metadata: {name: login}
stringData: {password: hunter2}
`;

let up: RunningUp;

beforeAll(async () => {
  up = await startUp();
  await up.repository.commit({ "all.yaml": configMap("info") });
  await up.deploy("web", {
    syncPolicy: { automated: { selfHeal: true }, syncOptions: ["CreateNamespace=true"] },
  });
}, 60_000);

afterAll(async () => up[Symbol.asyncDispose]());

const path = "/api/mooring/v1/applications/web/timeline";

async function timeline(): Promise<Readonly<Record<"drifts" | "deliveries", readonly JsonValue[]>>> {
  const response = await fetch(`${up.url}${path}`, { headers: up.admin.headers });
  const body = (await response.json()) as JsonValue;
  return { drifts: viewArray(body, "drifts"), deliveries: viewArray(body, "deliveries") };
}

it("tells the way of a revision to the cluster, each step after the one before", async () => {
  await eventually(async () => {
    const [delivery] = (await timeline()).deliveries;
    const steps = ["seen", "rendered", "started", "applied", "healthy"].map((step) =>
      viewString(delivery, step),
    );
    expect(steps).not.toContain(undefined);
    // The times of an operation are whole seconds.
    const times = steps.map((time) => Math.floor(Date.parse(time ?? "") / 1_000));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});

it("tells who changed which field by hand, to what, and that a self-heal undid it", async () => {
  const { namespace } = await namespaceOfApp();
  const ref = { type: hubTypes.configMap, namespace, name: "settings" };
  const byHand = { fieldManager: "somebody", signal: up.signal };
  await up.cluster.mergePatch(ref, { data: { level: "debug" } }, byHand);
  await eventually(async () => {
    const [drift] = (await timeline()).drifts;
    expect(drift).toMatchObject({
      kind: "ConfigMap",
      name: "settings",
      what: "changed",
      fields: [{ path: "data.level", manager: "somebody", live: '"debug"', desired: '"info"' }],
      end: "self-heal",
    });
  });
});

async function namespaceOfApp(): Promise<{ readonly namespace: string }> {
  const { body } = await up.admin.get("applications/web");
  return { namespace: viewString(body, "spec", "destination", "namespace") ?? "" };
}
