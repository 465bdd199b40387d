import { expect, it } from "vitest";
import type { Application, ApplicationStatus } from "#core/app/index.ts";
import { inventoryOf } from "#core/app/index.ts";
import { buildStatus } from "./status.ts";

const place = { group: "", version: "v1", kind: "ConfigMap", namespace: "shop" };

function applicationWith(status: ApplicationStatus): Application {
  const destination = { server: "https://kubernetes.default.svc", namespace: "shop" };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "shop", namespace: "argocd" },
    spec: { project: "default", destination },
    status,
  } as Application;
}

it("knows what the last operation applied when another one replaces its result, though nothing could be compared between them", () => {
  const operation = { sync: { prune: true } };
  const resources = [
    { ...place, name: "new", status: "Synced" as const },
    { ...place, name: "kept", status: "PruneSkipped" as const },
  ];
  const before: ApplicationStatus = {
    resources: [{ ...place, name: "old", status: "Synced" }],
    operationState: {
      operation,
      phase: "Succeeded",
      startedAt: "2026-01-01T00:00:00Z",
      syncResult: { revision: "a", resources },
    },
  };
  const status = buildStatus(
    {
      compared: undefined,
      syncStatus: "Unknown",
      revisions: undefined,
      sourceTypes: undefined,
      conditions: [],
      operationState: { operation, phase: "Error", startedAt: "2026-01-01T00:01:00Z" },
      history: undefined,
      asked: false,
    },
    { app: applicationWith(before), controllerNamespace: "argocd", nowMs: Date.UTC(2026, 0, 1, 0, 2) },
  );
  expect(status.resources).toEqual([
    { ...place, name: "old", status: "Synced" },
    { version: "v1", kind: "ConfigMap", namespace: "shop", name: "new", status: "Unknown" },
  ]);
  expect(inventoryOf({ status })).toHaveLength(2);
});
