import { expect, it } from "vitest";
import type { JsonValue } from "#core/object/index.ts";
import { shownApplication } from "./print-value.ts";

it("shows an Application as it is, but for manifests that a client has sent", () => {
  const app = (...manifests: readonly string[]) => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "web" },
    operation: { sync: { prune: true, manifests } },
    spec: {},
    status: { operationState: { operation: { sync: { manifests } }, phase: "Running" } },
  });
  const shown = shownApplication(app("token: hunter2", "{}"));
  expect(JSON.stringify(shown)).toBe(JSON.stringify(app("# 2 manifests, not shown")));
  const ended = app("# 2 manifests, left out when the sync ended");
  expect(shownApplication(ended)).toEqual(ended);
  const plain = { ...app(), status: { health: {} } as JsonValue };
  expect(shownApplication(plain)).toEqual(plain);
});
