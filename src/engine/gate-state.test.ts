import { expect, it } from "vitest";
import { assessHealth } from "#core/health/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { gateStateOf } from "./gate-state.ts";

const object: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "shop", uid: "second", finalizers: ["example.com/hold"] },
};
const assess = assessHealth;

it("does not wait for the deletion of an object that somebody created anew under the name of the deleted one", () => {
  expect(gateStateOf(object, { prunedUid: "first", assess })).toMatchObject({ exists: false, heldBy: [] });
});

it("waits for what it deleted itself, and for what it applied", () => {
  expect(gateStateOf(object, { prunedUid: "second", assess })).toMatchObject({
    exists: true,
    heldBy: ["example.com/hold"],
  });
  expect(gateStateOf(object, { prunedUid: undefined, assess }).exists).toBe(true);
  expect(gateStateOf(undefined, { prunedUid: undefined, assess }).exists).toBe(false);
});
