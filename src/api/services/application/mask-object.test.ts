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

  it("shows who owns which field only where it is asked for and nothing is hidden", () => {
    const managedFields = [{ manager: "kubectl", fieldsV1: { "f:data": { "f:a": {} } } }];
    const object = (kind: string) =>
      ({ apiVersion: "v1", kind, metadata: { name: "a", managedFields } }) as unknown as KubeObject;
    const app = object("Application");
    const ownersIn = (kind: string, options: Partial<Parameters<typeof maskObject>[2]>) => {
      const shown = JSON.parse(maskObject(context, object(kind), { app, ...options })) as KubeObject;
      return shown.metadata.managedFields;
    };
    expect(ownersIn("ConfigMap", { showsOwners: true })).toEqual(managedFields);
    expect(ownersIn("ConfigMap", {})).toBeUndefined();
    expect(ownersIn("Secret", { showsOwners: true })).toBeUndefined();
    expect(ownersIn("ConfigMap", { showsOwners: true, secretPaths: [["data", "a"]] })).toBeUndefined();
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
