import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { maskObject } from "./mask-object.ts";

type Context = Parameters<typeof maskObject>[0];

const context = {
  secretHash: (scope: string) => (value: string) => `${scope} ${value.length}`,
  config: () => ({ settings: { sensitiveAnnotations: [] } }),
} as unknown as Context;

describe("maskObject", () => {
  it("hides manifests that somebody syncs to an Application which another manages", () => {
    const sync = { revision: "main", manifests: ['{"kind":"Secret","stringData":{"password":"hunter2"}}'] };
    const app = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "child", managedFields: [] },
      spec: { project: "default" },
      operation: { sync },
      status: { operationState: { phase: "Running", operation: { sync } } },
    } as unknown as KubeObject;
    expect(JSON.parse(maskObject(context, app, { app }))).toEqual({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "child" },
      spec: { project: "default" },
      operation: { sync: { revision: "main" } },
      status: { operationState: { phase: "Running", operation: { sync: { revision: "main" } } } },
    });
  });

  // Class: secrets told.
  it("hides a value of one application under another key than that of the next", () => {
    const secret: KubeObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      data: { a: "eA==" },
    };
    const shownIn = (project: string, namespace: string, name: string) => {
      const app = { apiVersion: "v1", kind: "Application", metadata: { namespace, name }, spec: { project } };
      return maskObject(context, secret, { app });
    };
    const all = [
      shownIn("a", "argocd", "web"),
      shownIn("b", "argocd", "web"),
      shownIn("a", "team", "web"),
      shownIn("a", "argocd", "db"),
    ];
    expect(new Set(all).size).toBe(4);
    expect(shownIn("a", "argocd", "web")).toBe(all[0]);
  });
});
