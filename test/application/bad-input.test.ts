import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { startGitHttpServer } from "../git-servers/http-server.ts";
import { createRepository } from "../git-servers/repository.ts";
import type { ApplicationSettings } from "./application.ts";
import { formatFiles } from "./application.ts";
import { configMap, deployment, inCluster, it, job, type TestApplication, type TestHub } from "./fixture.ts";

const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

function bomb(levels: number): string {
  const lines = Array.from({ length: levels }, (_, i) =>
    i === 0
      ? 'l0: &l0 ["x","x","x","x","x","x","x","x","x"]'
      : `l${i}: &l${i} [${Array(9)
          .fill(`*l${i - 1}`)
          .join(",")}]`,
  );
  return `${manifest}${lines.join("\n")}\n`;
}

type Create = (prefix: string, settings?: ApplicationSettings) => Promise<TestApplication>;

/** The neighbour must still be synced after everything that the test did. */
async function neighbour(create: Create): Promise<() => Promise<unknown>> {
  const app = await create("fine", { automated: true, files: { "a.yaml": configMap("a") } });
  return async () => {
    await app.synced();
    await app.push({ "a.yaml": configMap("a", { again: "yes" }) });
    return app.synced();
  };
}

/** Each case as an automated application, all at once; gives their conditions. */
async function conditionsOf(
  create: Create,
  cases: Readonly<Record<string, ApplicationSettings>>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const entries = await Promise.all(
    Object.entries(cases).map(async ([name, settings]) => {
      const app = await create(name, { automated: true, ...settings });
      await app.waitFor(async () => expect(await app.conditions()).not.toEqual([]));
      return [name, await app.conditions()] as const;
    }),
  );
  return Object.fromEntries(entries);
}

describe("a file that cannot be read as manifests", () => {
  it("is named with its place and what to do, and holds up nobody else", async ({ create }) => {
    const fine = await neighbour(create);
    const huge = `${manifest}data:\n  big: "${"x".repeat(50 * 1024 * 1024)}"\n`;
    expect(
      await conditionsOf(create, {
        huge: { files: { "huge.yaml": huge } },
        bomb: { files: { "bomb.yaml": bomb(10) } },
        duplicate: { files: { "twice.yaml": `${manifest}data:\n  k: "1"\ndata:\n  k: "2"\n` } },
        syntax: { files: { "broken.yaml": `${manifest}data: [1\n` } },
        nokind: { files: { "nokind.yaml": 'apiVersion: v1\nkind: ""\nmetadata:\n  name: a\n' } },
        noname: { files: { "noname.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n" } },
        scalar: { files: { "scalar.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: text\n" } },
      }),
    ).toMatchInlineSnapshot(`
      {
        "bomb": [
          "ComparisonError: bomb.yaml:10 (document 1): aliases expand to more than 100000 values; write them out or split the file",
        ],
        "duplicate": [
          "ComparisonError: twice.yaml:7 (document 1): key data appears twice in the document; remove one of them",
        ],
        "huge": [
          "ComparisonError: huge.yaml: file is larger than the limit of 10485760 bytes; split it, or exclude it with directory.exclude",
        ],
        "nokind": [
          "ComparisonError: nokind.yaml:1 (document 1): kind is missing; every Kubernetes object needs it (exclude the file if it is no manifest)",
        ],
        "noname": [
          "ComparisonError: noname.yaml:1 (document 1): metadata.name is missing; every object needs a name (or metadata.generateName)",
        ],
        "scalar": [
          "ComparisonError: scalar.yaml:1 (document 1): metadata must be a map",
        ],
        "syntax": [
          "ComparisonError: broken.yaml:5 (document 1): indentation does not fit the lines before it",
        ],
      }
    `);
    await fine();
  });
});

describe("a repository that cannot be read", () => {
  it("is named with the reason and what to do", async ({ create, hub, onTestFinished }) => {
    const fine = await neighbour(create);
    const root = join(hub.directory, "served");
    await mkdir(root);
    const locked = await createRepository(join(root, "locked.git"));
    await locked.commit(formatFiles({ "a.yaml": configMap("a") }));
    const server = await startGitHttpServer({
      root,
      auth: { kind: "basic", username: "ada", password: "secret-of-the-test" },
    });
    onTestFinished(async () => server[Symbol.asyncDispose]());
    const files = { "a.yaml": configMap("a") };
    const found = await conditionsOf(create, {
      password: { files, source: { repoURL: `${server.url}/locked.git` } },
      missing: { files, source: { repoURL: `file://${root}/nothing.git` } },
      branch: { files, source: { targetRevision: "no-such-branch" } },
      path: { files, source: { path: "no/such/path" } },
      scheme: { files, source: { repoURL: "ftp://example.com/a.git" } },
    });
    expect(plainUrls(found, { [server.url]: "<server>", [root]: "<root>" })).toMatchInlineSnapshot(`
      {
        "branch": [
          "ComparisonError: repository <repository>: revision "no-such-branch" is no branch, tag or matching version; correct targetRevision",
        ],
        "missing": [
          "ComparisonError: repository file://<root>/nothing.git: listing refs: there is no such repository, or these credentials may not see it; check the URL and the Secret (fatal: '<root>/nothing.git' does not appear to be a git repository)",
        ],
        "password": [
          "ComparisonError: repository <server>/locked.git: listing refs: the repository wants credentials, and none are known for it; add them with: mooring repo add REPOURL --upsert (fatal: could not read Username for '<server>': terminal prompts disabled)",
        ],
        "path": [
          "ComparisonError: no/such/path: app path does not exist in revision <commit>; correct the path or add the directory",
        ],
        "scheme": [
          "InvalidSpecError: repository "ftp://example.com/a.git": scheme ftp is not supported; use https, http, ssh or file",
        ],
      }
    `);
    await fine();
  });
});

function plainUrls(found: unknown, places: Readonly<Record<string, string>>): unknown {
  return JSON.parse(
    Object.entries(places).reduce(
      (text, [place, name]) => text.replaceAll(place, name),
      JSON.stringify(found),
    ),
  );
}

describe("a spec that cannot be deployed", () => {
  it("is refused field by field", async ({ create, hub }) => {
    const fine = await neighbour(create);
    await hub.create({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: "narrow" },
      spec: {
        sourceRepos: ["https://git.example/*"],
        destinations: [{ server: inCluster, namespace: "team-*" }],
      },
    });
    const files = { "a.yaml": configMap("a") };
    expect(
      await conditionsOf(create, {
        both: { files, destination: { name: "in-cluster" } },
        cluster: { files, destination: { server: "https://nowhere.example" } },
        named: { files, destination: { server: "", name: "nowhere" } },
        project: { files, spec: { project: "unheard-of" } },
        permitted: { files, spec: { project: "narrow" } },
        tools: { files, source: { helm: { releaseName: "web" }, kustomize: { namePrefix: "web-" } } },
        outside: { files, source: { path: "../outside" } },
        history: { files, spec: { revisionHistoryLimit: -1 } },
        hydrated: {
          files,
          spec: {
            sourceHydrator: {
              drySource: { repoURL: "https://git.example/dry.git", path: "web", targetRevision: "main" },
              syncSource: { targetBranch: "rendered", path: "../web" },
            },
          },
        },
      }),
    ).toMatchInlineSnapshot(`
      {
        "both": [
          "InvalidSpecError: Application/<hub>/<app>: spec.destination has both server and name; remove one of them",
        ],
        "cluster": [
          "InvalidSpecError: Application/<hub>/<app>: spec.destination.server https://nowhere.example is not a known cluster; known are https://kubernetes.default.svc",
        ],
        "history": [
          "InvalidSpecError: Application/<hub>/<app>: spec.revisionHistoryLimit is -1; make it 0 or more",
        ],
        "hydrated": [
          "InvalidSpecError: Application/<hub>/<app>: spec.sourceHydrator.syncSource.path has .. in it; write it without",
          "UnsupportedFieldWarning: spec.source is set, but spec.sourceHydrator wins over it; remove one of them",
        ],
        "named": [
          "InvalidSpecError: Application/<hub>/<app>: spec.destination.name nowhere is not a known cluster; known are in-cluster",
        ],
        "outside": [
          "InvalidSpecError: Application/<hub>/<app>: spec.source.path leads out of the repository; remove ..",
        ],
        "permitted": [
          "InvalidSpecError: Application/<hub>/<app>: cluster in-cluster (https://kubernetes.default.svc) with namespace "<namespace>" is not permitted in project "narrow" (spec.destinations); add it to destinations",
          "InvalidSpecError: Application/<hub>/<app>: repository <repository> is not permitted in project "narrow" (spec.sourceRepos); add it to sourceRepos",
        ],
        "project": [
          "InvalidSpecError: Application/<hub>/<app>: project "unheard-of" does not exist; create the AppProject or correct spec.project",
        ],
        "tools": [
          "InvalidSpecError: Application/<hub>/<app>: spec.source has kustomize and helm; keep one of them",
        ],
      }
    `);
    await fine();
  });

  it("warns of what has no effect and deploys the rest", async ({ create }) => {
    const app = await create("warned", {
      automated: true,
      syncOptions: ["CreateNamespce=true", "Prune=perhaps"],
      files: { "a.yaml": configMap("a") },
    });
    await app.synced();
    expect(await app.conditions()).toMatchInlineSnapshot(`
      [
        "UnsupportedFieldWarning: spec.syncPolicy.syncOptions[0] is set, but "CreateNamespce=true" is no sync option and has no effect; correct or remove it",
        "UnsupportedFieldWarning: spec.syncPolicy.syncOptions[1] is set, but "Prune=perhaps" has no effect; write Prune=true or Prune=false or Prune=confirm",
      ]
    `);
  });
});

describe("an object that the cluster or the project does not take", () => {
  it("fails the sync with its name, the field and what to do", async ({ create, hub }) => {
    const fine = await neighbour(create);
    await forbidSecrets(hub);
    const results = await Promise.all(
      Object.entries<ApplicationSettings>({
        kind: {
          files: { "a.yaml": { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } } },
        },
        version: { files: { "a.yaml": { ...deployment("web"), apiVersion: "apps/v1beta1" } } },
        namespace: { files: { "a.yaml": configMap("a", {}, { namespace: "no-such-namespace" }) } },
        nonamespace: { files: { "a.yaml": configMap("a") }, destination: { namespace: "" } },
        field: { files: { "a.yaml": { ...configMap("a"), dta: { k: "1" } } } },
        value: { files: { "a.yaml": deployment("web", { replicas: -1 }), "b.yaml": configMap("b") } },
        forbidden: {
          spec: { project: "no-secrets" },
          files: {
            "a.yaml": configMap("a"),
            "b.yaml": { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } },
            "c.yaml": { apiVersion: "v1", kind: "Namespace", metadata: { name: "mine" } },
          },
        },
      }).map(async ([name, settings]) => {
        const app = await create(name, settings);
        return [name, (await app.sync()).split("\n")] as const;
      }),
    );
    expect(Object.fromEntries(results)).toMatchInlineSnapshot(`
      {
        "field": [
          "Failed: one or more objects failed to apply, reason: ConfigMap/<namespace>/a: dta: field not declared in schema; correct the manifest",
          "ConfigMap/a SyncFailed: ConfigMap/<namespace>/a: dta: field not declared in schema; correct the manifest",
        ],
        "forbidden": [
          "Failed: one or more synchronization tasks are not valid, reason: Secret/<namespace>/s: kind Secret is not permitted in project "no-secrets" (spec.namespaceResourceBlacklist); remove the entry that covers {group: "", kind: Secret}; to go on: change spec.namespaceResourceBlacklist of AppProject no-secrets, or remove the object from Git; Namespace/mine: kind Namespace is not permitted in project "no-secrets" (spec.clusterResourceWhitelist); add {group: "", kind: Namespace} to clusterResourceWhitelist; to go on: change spec.clusterResourceWhitelist of AppProject no-secrets, or remove the object from Git",
        ],
        "kind": [
          "Failed: one or more synchronization tasks are not valid, reason: Widget/w: the cluster does not serve example.com/v1 Widget; correct apiVersion and kind, or install its CustomResourceDefinition first or with it; to go on: set sync option SkipDryRunOnMissingResource=true on the object or the application",
        ],
        "namespace": [
          "Failed: one or more objects failed to apply, reason: ConfigMap/no-such-namespace/a: namespace no-such-namespace does not exist; create it, or set sync option CreateNamespace=true where it is the application's destination",
          "ConfigMap/a SyncFailed: ConfigMap/no-such-namespace/a: namespace no-such-namespace does not exist; create it, or set sync option CreateNamespace=true where it is the application's destination",
        ],
        "nonamespace": [
          "Failed: one or more objects failed to apply, reason: ConfigMap/a: has no namespace; set metadata.namespace",
          "ConfigMap/a SyncFailed: ConfigMap/a: has no namespace; set metadata.namespace",
        ],
        "value": [
          "Failed: one or more objects failed to apply, reason: Deployment/<namespace>/web: spec.replicas: must be greater than or equal to 0; correct the manifest",
          "ConfigMap/b Synced: configmap/b created",
          "Deployment/web SyncFailed: Deployment/<namespace>/web: spec.replicas: must be greater than or equal to 0; correct the manifest",
        ],
        "version": [
          "Failed: one or more synchronization tasks are not valid, reason: Deployment/<namespace>/web: the cluster does not serve apps/v1beta1 Deployment; correct apiVersion and kind, or install its CustomResourceDefinition first or with it; to go on: set sync option SkipDryRunOnMissingResource=true on the object or the application",
        ],
      }
    `);
    await fine();
  });

  it("says which field is immutable", async ({ create }) => {
    const service = (spec: object) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s" },
      spec: { ports: [{ port: 80 }], ...spec },
    });
    const cases: Readonly<Record<string, readonly [object, object]>> = {
      service: [service({}), service({ clusterIP: "10.96.77.77" })],
      selector: [deployment("web"), deployment("web", { selector: { matchLabels: { app: "other" } } })],
      job: [job("once", "true"), job("once", "false")],
    };
    const results = await Promise.all(
      Object.entries(cases).map(async ([name, [before, after]]) => {
        const app = await create(name, { files: { "a.yaml": before as Record<string, never> } });
        await app.sync();
        await app.push({ "a.yaml": after as Record<string, never>, "b.yaml": configMap("b") });
        const conditions = await app.conditions();
        return [name, [...conditions, ...(await app.sync()).split("\n")]] as const;
      }),
    );
    expect(Object.fromEntries(results)).toMatchInlineSnapshot(`
      {
        "job": [
          "ComparisonError: Job/<namespace>/once: spec.template: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: it runs again",
          "Failed: one or more objects failed to apply, reason: Job/<namespace>/once: spec.template: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: it runs again",
          "ConfigMap/b Synced: configmap/b created",
          "Job/once SyncFailed: Job/<namespace>/once: spec.template: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: it runs again",
        ],
        "selector": [
          "ComparisonError: Deployment/<namespace>/web: spec.template.metadata.labels: \`selector\` does not match template \`labels\`, spec.selector: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: its pods go before the new ones come",
          "Failed: one or more objects failed to apply, reason: Deployment/<namespace>/web: spec.template.metadata.labels: \`selector\` does not match template \`labels\`, spec.selector: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: its pods go before the new ones come",
          "ConfigMap/b Synced: configmap/b created",
          "Deployment/web SyncFailed: Deployment/<namespace>/web: spec.template.metadata.labels: \`selector\` does not match template \`labels\`, spec.selector: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: its pods go before the new ones come",
        ],
        "service": [
          "ComparisonError: Service/<namespace>/s: spec.clusterIPs[0]: may not change once set; restore the old value, or set sync option Force=true on it to have it deleted and created again",
          "Failed: one or more objects failed to apply, reason: Service/<namespace>/s: spec.clusterIPs[0]: may not change once set; restore the old value, or set sync option Force=true on it to have it deleted and created again",
          "ConfigMap/b Synced: configmap/b created",
          "Service/s SyncFailed: Service/<namespace>/s: spec.clusterIPs[0]: may not change once set; restore the old value, or set sync option Force=true on it to have it deleted and created again",
        ],
      }
    `);
  });
});

async function forbidSecrets(hub: TestHub): Promise<void> {
  await hub.create({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: "no-secrets" },
    spec: {
      sourceRepos: ["*"],
      destinations: [{ server: "*", namespace: "*" }],
      namespaceResourceBlacklist: [{ group: "", kind: "Secret" }],
    },
  });
}
