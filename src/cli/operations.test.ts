import { describe, expect, it } from "vitest";
import type { Application } from "#core/app/index.ts";
import { messageOf } from "#core/errors/index.ts";
import { rollbackOperation } from "#core/requests/index.ts";
import { command as syncCommand, syncOperation } from "./commands/app/sync.ts";
import { parseInvocation } from "./parse.ts";
import { selectResources } from "./select-resources.ts";
import { sampleApp } from "./view/testdata/sample-app.ts";
import type { WaitFor } from "./view/awaited.ts";
import { awaitedOf } from "./view/awaited.ts";
import { formatRepositorySecret, repositorySecretName } from "#core/repo/index.ts";

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return messageOf(error);
  }
}

type SyncFlags = Parameters<typeof syncOperation>[1];

function synced(app: Application, ...argv: readonly string[]): unknown {
  const { flags } = parseInvocation(syncCommand, ["web", ...argv]);
  return outcome(() => syncOperation(app, flags as unknown as SyncFlags, "ada"));
}

const manual = sampleApp();
const automated = sampleApp({ spec: { ...manual.spec, syncPolicy: { automated: {} } } });

describe("app sync", () => {
  it("asks for no more than the flags say, and keeps the application's own sync options", () => {
    const app = sampleApp({
      spec: {
        ...manual.spec,
        syncPolicy: { syncOptions: ["CreateNamespace=true", "Replace=false"], retry: { limit: 2 } },
      },
    });
    expect(synced(app, "--prune", "--replace", "--info", "why=hotfix", "--force")).toEqual({
      sync: {
        prune: true,
        syncStrategy: { hook: { force: true } },
        syncOptions: ["CreateNamespace=true", "Replace=true"],
      },
      initiatedBy: { username: "ada" },
      info: [{ name: "why", value: "hotfix" }],
      retry: { limit: 2 },
    });
  });

  it("refuses another revision while automated sync would undo it, but not for a dry run", () => {
    expect(synced(automated, "--revision", "v2")).toBe(
      "Application/argocd/web: cannot sync to v2: auto-sync currently set to main; change it with: mooring app set web --revision v2, or turn auto-sync off with: mooring app set web --sync-policy none",
    );
    expect(synced(automated, "--revision", "v2", "--dry-run")).toMatchObject({
      sync: { revision: "v2", dryRun: true },
    });
    expect(synced(automated, "--revision", "main")).toMatchObject({ sync: { revision: "main" } });
  });

  it("chooses objects by pattern", () => {
    expect(selectResources(manual, ["*:*:*", "!apps:*:*"]).map((one) => one.kind)).toEqual([
      "ConfigMap",
      "Secret",
    ]);
    expect(selectResources(manual, ["apps:Deployment:shop/web"]).map((one) => one.name)).toEqual(["web"]);
  });

  it("names what there is when nothing matches", () => {
    expect(synced(manual, "--resource", "apps:Deployment:db")).toBe(
      "Application/argocd/web: no object matches --resource apps:Deployment:db; it has :ConfigMap:shop/settings, :Secret:shop/key, apps:Deployment:shop/web",
    );
    expect(synced(manual, "--resource", "web")).toBe(
      'flag --resource: "web" is no GROUP:KIND:NAME; write it like apps:Deployment:web or :Service:web',
    );
  });
});

describe("app rollback", () => {
  const options = { id: undefined, prune: false, username: "ada" };

  it("goes back to what was deployed before the last sync, from the source of that time", () => {
    expect(rollbackOperation(manual, { ...options, prune: true })).toEqual({
      sync: {
        revision: "a".repeat(40),
        prune: true,
        source: { repoURL: "https://git.example.com/shop.git", path: "old" },
      },
      initiatedBy: { username: "ada" },
    });
  });

  it("refuses while automated sync would undo it, and an entry that is not there", () => {
    expect(outcome(() => rollbackOperation(automated, options))).toBe(
      "Application/argocd/web: rollback cannot be performed when auto-sync is enabled, which would undo it; turn it off first with: mooring app set web --sync-policy none",
    );
    expect(outcome(() => rollbackOperation(manual, { ...options, id: 7 }))).toBe(
      "Application/argocd/web: no history entry 7; its history has 3, 4",
    );
  });
});

describe("app wait", () => {
  const nothing: WaitFor = {
    sync: false,
    health: false,
    operation: false,
    suspended: false,
    degraded: false,
    deletion: false,
    resources: [],
  };
  const all = { ...nothing, sync: true, health: true, operation: true };

  it("says what it still waits for", () => {
    expect(awaitedOf(manual, all)).toEqual([
      "the application to be Synced (OutOfSync)",
      "the application to be Healthy (Progressing: 1 of 2 updated)",
    ]);
    expect(awaitedOf(sampleApp({ operation: { sync: {} } }), { ...nothing, operation: true })).toEqual([
      "its operation to end",
    ]);
  });

  it("looks at the chosen objects alone, and waits for no health where a kind has none", () => {
    expect(awaitedOf(manual, { ...all, resources: [":ConfigMap:settings"] })).toEqual([]);
    expect(awaitedOf(manual, { ...all, resources: ["apps:*:*"] })).toEqual([
      "Deployment/shop/web to be Synced (OutOfSync)",
      "Deployment/shop/web to be Healthy (Progressing: 1 of 2 updated)",
    ]);
  });

  it("takes any of the healths asked for", () => {
    expect(awaitedOf(manual, { ...nothing, suspended: true, degraded: true })).toEqual([
      "the application to be Suspended or Degraded (Progressing: 1 of 2 updated)",
    ]);
  });
});

describe("the Secret of a repository", () => {
  it("has Argo CD's name: FNV-1a of URL and project", () => {
    expect([repositorySecretName("foobar", ""), repositorySecretName("foo", "bar")]).toEqual([
      "repo-3214735720",
      "repo-3214735720",
    ]);
  });

  it("holds only what was given", () => {
    expect(
      formatRepositorySecret(
        { url: "https://git.example.com/a.git", username: "ci", password: undefined, name: "" },
        "argocd",
      ),
    ).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: repositorySecretName("https://git.example.com/a.git", ""),
        namespace: "argocd",
        labels: { "argocd.argoproj.io/secret-type": "repository" },
        annotations: { "managed-by": "argocd.argoproj.io" },
      },
      type: "Opaque",
      data: { url: btoa("https://git.example.com/a.git"), username: btoa("ci") },
    });
  });
});
