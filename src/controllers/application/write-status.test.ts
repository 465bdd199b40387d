import { describe, expect, it } from "vitest";
import type { Application, Operation } from "#core/app/index.ts";
import { patchOf } from "./write-status.ts";

const operation: Operation = { sync: { revision: "main" } };

function application(fields: Partial<Application> = {}): Application {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "web", namespace: "argocd", resourceVersion: "7" },
    spec: { project: "default", destination: {} },
    status: { sync: { status: "Synced" } },
    ...fields,
  };
}

describe("status patch", () => {
  it("is not sent when nothing changed", () => {
    expect(patchOf({ app: application(), status: { sync: { status: "Synced" } } })).toBeUndefined();
  });

  it("holds only what changed, without a precondition", () => {
    expect(patchOf({ app: application(), status: { sync: { status: "OutOfSync" } } })).toEqual({
      status: { sync: { status: "OutOfSync" } },
    });
  });

  it("takes an ended operation off only under the version that was read", () => {
    const app = application({ operation });
    expect(patchOf({ app, status: app.status ?? {}, ended: operation })).toEqual({
      metadata: { resourceVersion: "7" },
      operation: null,
    });
  });

  it("leaves a newer operation in place when an older one ends", () => {
    const app = application({ operation: { sync: { revision: "next" } } });
    expect(patchOf({ app, status: app.status ?? {}, ended: operation })).toBeUndefined();
  });

  it("takes the refresh annotation off, and nothing else of the annotations", () => {
    const annotations = { "argocd.argoproj.io/refresh": "normal", team: "shop" };
    const app = application({ metadata: { ...application().metadata, annotations } });
    expect(patchOf({ app, status: app.status ?? {} })).toEqual({
      metadata: { annotations: { "argocd.argoproj.io/refresh": null }, resourceVersion: "7" },
    });
  });

  it("removes a part of the status that is no longer true", () => {
    const app = application({
      status: { sync: { status: "Synced" }, conditions: [{ type: "SyncError", message: "x" }] },
    });
    expect(patchOf({ app, status: { sync: { status: "Synced" } } })).toEqual({
      status: { conditions: null },
    });
  });
});
