import { describe, expect, it } from "vitest";
import type { Application } from "#core/app/index.ts";
import { inventoryOf } from "#core/app/index.ts";
import { objectKey } from "#core/object/index.ts";
import { areListed, withIntentions } from "./intentions.ts";

const line = (name: string, fields: object = {}) => ({
  group: "",
  version: "v1",
  kind: "ConfigMap",
  namespace: "shop",
  name,
  syncPhase: "Sync",
  ...fields,
});
const keyOf = (name: string) => objectKey({ group: "", kind: "ConfigMap", namespace: "shop", name });

describe("what a sync is about to apply", () => {
  it("stands in its result until there is an outcome", () => {
    const lines = withIntentions([line("a", { status: "Synced" })], [line("a"), line("b")]);
    expect(lines).toEqual([line("a", { status: "Synced" }), line("b")]);
  });

  it("is in the inventory: it may have been applied right before a crash, or its answer was lost", () => {
    const resources = [
      line("a", { status: "Synced" }),
      line("b"),
      line("c", { status: "SyncFailed" }),
      line("d", { hookType: "Sync" }),
    ];
    const app = { status: { operationState: { syncResult: { resources } } } } as unknown as Application;
    expect(inventoryOf(app)).toEqual([keyOf("a"), keyOf("b"), keyOf("c")]);
  });

  it("is told to nobody who knows it", () => {
    expect(areListed([line("a")], [keyOf("a"), keyOf("b")])).toBe(true);
    expect(areListed([line("a"), line("c")], [keyOf("a")])).toBe(false);
  });
});
