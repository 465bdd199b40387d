import type { Application } from "#core/app/index.ts";

/** An Application in the middle of a roll-out: out of sync, progressing, deployed twice before. */
export function sampleApp(changes: Partial<Application> = {}): Application {
  const source = { repoURL: "https://git.example.com/shop.git", path: "web", targetRevision: "main" };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "web", namespace: "argocd" },
    spec: { project: "shop", source, destination: { server: "https://kubernetes.default.svc", namespace: "shop" } },
    status: {
      sync: { status: "OutOfSync", revision: "c".repeat(40) },
      health: { status: "Progressing", message: "1 of 2 updated" },
      conditions: [{ type: "SharedResourceWarning", message: "ConfigMap is\nshared", lastTransitionTime: "2026-11-23T20:30:12Z" }],
      resources: [
        { version: "v1", kind: "ConfigMap", namespace: "shop", name: "settings", status: "Synced" },
        { version: "v1", kind: "Secret", namespace: "shop", name: "key", status: "OutOfSync" },
        {
          group: "apps",
          version: "v1",
          kind: "Deployment",
          namespace: "shop",
          name: "web",
          status: "OutOfSync",
          syncWave: 1,
          health: { status: "Progressing", message: "1 of 2 updated" },
        },
      ],
      history: [
        { id: 3, deployedAt: "2026-11-22T10:00:00Z", revision: "a".repeat(40), source: { repoURL: source.repoURL, path: "old" } },
        { id: 4, deployedAt: "2026-11-23T10:00:00Z", revision: "b".repeat(40), source },
      ],
      operationState: {
        operation: { sync: { revision: "b".repeat(40) } },
        phase: "Failed",
        message: "one or more objects failed to apply",
        startedAt: "2026-11-23T20:30:00Z",
        finishedAt: "2026-11-23T20:30:12Z",
        syncResult: {
          revision: "b".repeat(40),
          resources: [
            { group: "batch", version: "v1", kind: "Job", namespace: "shop", name: "migrate", hookType: "PreSync", hookPhase: "Succeeded", syncPhase: "PreSync", message: "done" },
            { group: "apps", version: "v1", kind: "Deployment", namespace: "shop", name: "web", status: "SyncFailed", syncPhase: "Sync", message: "field spec.selector is immutable" },
          ],
        },
      },
    },
    ...changes,
  };
}
