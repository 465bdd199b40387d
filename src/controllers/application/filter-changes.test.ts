import { describe, expect, it } from "vitest";
import type { SystemIgnoreEntry } from "#core/differences/index.ts";
import type { JsonObject, KubeObject, StringMap } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";
import { noHealthScripts } from "#core/settings/health-scripts.ts";
import { HealthChecks } from "#engine/scripted-health.ts";
import type { Scripts } from "#ports/scripts.ts";
import { createLog } from "#runtime/log.ts";
import { ChangeFilter } from "./filter-changes.ts";

const refuse = () => Promise.reject(new Error("this test runs no scripts"));
const noScripts: Scripts = { jq: refuse, lua: refuse };
const healthChecks = new HealthChecks({ scripts: noScripts, clock: { now: () => 0 }, secretHash: String });
const ignoresStatus: SystemIgnoreEntry = {
  origin: "ConfigMap/argocd/argocd-cm: resource.customizations.ignoreResourceUpdates.apps_Deployment",
  group: "apps",
  kind: "Deployment",
  jsonPointers: ["/status", "/metadata/annotations/heartbeat"],
};

let version = 0;

function deployment(status: JsonObject, annotations: StringMap = {}): KubeObject {
  version += 1;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", generation: 1, resourceVersion: `${version}`, annotations },
    spec: { replicas: 2 },
    status: { observedGeneration: 1, ...status },
  };
}

/** Whether each of these states, seen one after the other, counts. */
function count(entries: readonly SystemIgnoreEntry[], states: readonly KubeObject[]) {
  const log = createLog({
    level: "error",
    format: "text",
    write: () => undefined,
    now: () => 0,
    redact: String,
  });
  const { signal } = new AbortController();
  const settings = { healthScripts: noHealthScripts, ignoreResourceUpdates: entries };
  const filter = new ChangeFilter({
    settings: () => settings,
    scripts: noScripts,
    healthChecks,
    log,
    signal,
  });
  let now: KubeObject | undefined;
  const live = { closed: false, get: () => now };
  return states.map((state) => {
    now = state;
    return filter.counts({ key: keyOf(state), deleted: false }, live);
  });
}

const ready = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

describe("a change of an object", () => {
  it("counts always where no rule is about it", () => {
    const pods = { ...ignoresStatus, group: "", kind: "Pod" };
    const states = [deployment(ready), deployment(ready), deployment(ready)];
    expect(count([], states)).toEqual([true, true, true]);
    expect(count([pods], states)).toEqual([true, true, true]);
  });

  it("does not count when only ignored fields, or what the server writes, changed", () => {
    const states = [
      deployment(ready, { heartbeat: "1" }),
      deployment(
        { ...ready, conditions: [{ type: "Available", status: "True", lastUpdateTime: "now" }] },
        { heartbeat: "1" },
      ),
      deployment(ready, { heartbeat: "2" }),
      deployment(ready, { heartbeat: "2", owner: "ada" }),
    ];
    expect(count([ignoresStatus], states)).toEqual([true, false, false, true]);
  });

  it("counts when the health changes that is read from ignored fields", () => {
    const states = [deployment(ready), deployment({ ...ready, availableReplicas: 1 }), deployment(ready)];
    expect(count([ignoresStatus], states)).toEqual([true, true, true]);
  });

  it("counts where the object itself says so", () => {
    const exempt = { "argocd.argoproj.io/ignore-resource-updates": "false" };
    expect(count([ignoresStatus], [deployment(ready, exempt), deployment(ready, exempt)])).toEqual([
      true,
      true,
    ]);
  });

  it("counts as new after the object was deleted", () => {
    const log = createLog({
      level: "error",
      format: "text",
      write: () => undefined,
      now: () => 0,
      redact: String,
    });
    const { signal } = new AbortController();
    const settings = { healthScripts: noHealthScripts, ignoreResourceUpdates: [ignoresStatus] };
    const filter = new ChangeFilter({
      settings: () => settings,
      scripts: noScripts,
      healthChecks,
      log,
      signal,
    });
    const object = deployment(ready);
    const live = { closed: false, get: () => object };
    const seen = [false, false, true, false].map((deleted) =>
      filter.counts({ key: keyOf(object), deleted }, live),
    );
    expect(seen).toEqual([true, false, true, true]);
  });
});
