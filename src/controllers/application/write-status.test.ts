import { describe, expect, it } from "vitest";
import type { Application, ApplicationStatus, Operation } from "#core/app/index.ts";
import { patchOf, shortenStatus } from "./write-status.ts";

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

  it("writes and takes off annotations only under the version that was read", () => {
    const annotations = { "argocd.argoproj.io/refresh": "normal", "mooring.dev/rollback-hold": "{}" };
    const app = application({ metadata: { ...application().metadata, annotations } });
    const changed = { "mooring.dev/rollback-hold": null, "mooring.dev/last-healthy": "{}" };
    expect(patchOf({ app, status: app.status ?? {}, annotations: changed })).toEqual({
      metadata: {
        annotations: { ...changed, "argocd.argoproj.io/refresh": null },
        resourceVersion: "7",
      },
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

describe("status that is too large", () => {
  const line = { group: "", version: "v1", kind: "ConfigMap", namespace: "shop", syncPhase: "Sync" } as const;
  const status: ApplicationStatus = {
    sync: { status: "OutOfSync" },
    operationState: {
      operation,
      phase: "Running",
      startedAt: "2026-01-01T00:00:00Z",
      syncResult: {
        revision: "1234567",
        resources: [
          { ...line, name: "done", status: "Synced", message: "configmap/done created" },
          { ...line, name: "next", message: "not applied yet" },
        ],
      },
    },
  };

  it("keeps what is about to be applied, so that a crash leaves its names", () => {
    const { operationState, conditions } = shortenStatus(status, "intended", "etcd: request is too large");
    expect(operationState?.syncResult).toEqual({
      revision: "1234567",
      resources: [{ ...line, name: "next" }],
    });
    expect(conditions?.[0]?.message).toContain("etcd: request is too large");
  });

  it("leaves all lines out when even those do not fit", () => {
    const { operationState } = shortenStatus(status, "none", "etcd: request is too large");
    expect(operationState).toMatchObject({ phase: "Running", syncResult: { revision: "1234567" } });
    expect(operationState?.syncResult).not.toHaveProperty("resources");
  });
});
