import { expect, it } from "vitest";
import { inventoryOf } from "#core/app/index.ts";
import { viewForDeletion } from "./deletion-view.ts";

const line = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  namespace: "shop",
  name: "extra",
  syncPhase: "Sync",
};

function unreadable(status: object) {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "web", namespace: "argocd" },
    spec: { destination: { name: "in-cluster" }, syncPolicy: { automated: { prune: "sure" } } },
    ...status,
  };
}

it("deletes what an interrupted operation was about to apply, too, though the Application cannot be read", () => {
  const operationState = {
    operation: { sync: {} },
    phase: "Running",
    startedAt: "2026-01-01T00:00:00Z",
    syncResult: { revision: "a", resources: [line] },
  };
  const app = viewForDeletion(unreadable({ status: { resources: [], operationState } }));
  expect(inventoryOf(app)).toHaveLength(1);
});

it("knows where to look, whatever the status holds", () => {
  const { name: _name, ...nameless } = line;
  const resources = [{ kind: "ConfigMap", namespace: "shop", name: "kept" }];
  const broken = unreadable({
    status: { resources, operationState: { syncResult: { resources: [nameless] } } },
  });
  expect(inventoryOf(viewForDeletion(broken))).toHaveLength(1);
  expect(viewForDeletion(unreadable({})).spec.destination).toEqual({ name: "in-cluster" });
});
