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
    i === 0 ? 'l0: &l0 ["x","x","x","x","x","x","x","x","x"]' : `l${i}: &l${i} [${Array(9).fill(`*l${i - 1}`).join(",")}]`,
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
      await app.waitFor(async () => expect(await app.conditions()).not.toEqual([]), 15_000).catch(() => undefined);
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
        anchors: { files: { "anchors.yaml": bomb(5) } },
        duplicate: { files: { "twice.yaml": `${manifest}data:\n  k: "1"\ndata:\n  k: "2"\n` } },
        syntax: { files: { "broken.yaml": `${manifest}data: [1\n` } },
        nokind: { files: { "nokind.yaml": 'apiVersion: v1\nkind: ""\nmetadata:\n  name: a\n' } },
        noname: { files: { "noname.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n" } },
        scalar: { files: { "scalar.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: text\n" } },
      }),
    ).toMatchInlineSnapshot();
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
    expect(plainUrls(found, { [server.url]: "<server>", [root]: "<root>" })).toMatchInlineSnapshot();
    await fine();
  });
});

function plainUrls(found: unknown, places: Readonly<Record<string, string>>): unknown {
  return JSON.parse(
    Object.entries(places).reduce((text, [place, name]) => text.replaceAll(place, name), JSON.stringify(found)),
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
        helm: { files, source: { helm: { releaseName: "web" } } },
        chart: { files: { "Chart.yaml": "name: web\nversion: 1.0.0\n", ...files } },
        outside: { files, source: { path: "../outside" } },
        history: { files, spec: { revisionHistoryLimit: -1 } },
      }),
    ).toMatchInlineSnapshot();
    await fine();
  });

  it("warns of what has no effect and deploys the rest", async ({ create }) => {
    const app = await create("warned", {
      automated: true,
      syncOptions: ["CreateNamespce=true", "Prune=perhaps"],
      files: { "a.yaml": configMap("a") },
    });
    await app.synced();
    expect(await app.conditions()).toMatchInlineSnapshot();
  });
});

describe("an object that the cluster or the project does not take", () => {
  it("fails the sync with its name, the field and what to do", async ({ create, hub }) => {
    const fine = await neighbour(create);
    await forbidSecrets(hub);
    const results = await Promise.all(
      Object.entries<ApplicationSettings>({
        kind: { files: { "a.yaml": { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } } } },
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
    expect(Object.fromEntries(results)).toMatchInlineSnapshot();
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
    expect(Object.fromEntries(results)).toMatchInlineSnapshot();
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
