import { describe, expect, it } from "vitest";
import type { AppKey, Application, ApplicationSource } from "#core/app/index.ts";
import { appKey, parseApplication } from "#core/app/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";
import type { AppProject } from "#core/project/index.ts";
import type { LiveView } from "#ports/live-view.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";
import type { TestRepository } from "../git-servers/repository.ts";

/** What every view is of. */
interface ViewSubject {
  readonly view: LiveView;
  /** Holds `liveViewFiles`, of which application `web` deploys directory `web`. */
  readonly repository: TestRepository;
}

const configMap = (name: string, level: string): string => `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}}
data: {level: ${level}}
`;

export const liveViewFiles: Readonly<Record<string, string>> = {
  "web/one.yaml": configMap("one", "info"),
  "web/login.yaml": `apiVersion: v1
kind: Secret
metadata: {name: login}
stringData: {password: hunter2}
`,
  "README.md": "hello\n",
};

const signal = new AbortController().signal;
const app = appKey("argocd", "web");
const missing = appKey("argocd", "missing");
const nameIn = ({ metadata }: KubeObject): string => metadata.name ?? "";
const objectNamed = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "web" },
});
/** An Application that is nowhere. */
const unbornAt = (repoURL: string): Application =>
  parseApplication({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "unborn", namespace: "argocd" },
    spec: {
      project: "default",
      source: { repoURL, path: "web" },
      destination: { server: "https://kubernetes.default.svc", namespace: "elsewhere" },
    },
  });
const project: AppProject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AppProject",
  metadata: { name: "default", namespace: "argocd" },
  spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }] },
} as AppProject;

type Open = () => ViewSubject;

/** What every LiveView does. */
export function describeLiveView(name: string, open: Open): void {
  describe(`${name} live view`, () => {
    describeObjects(open);
    describeAnswers(open);
    describeRevisions(open);
    describeRepositories(open);
    describeFailures(open);
  });
}

function describeObjects(open: Open): void {
  it("compares what Git wants with what lives, Secrets included", async () => {
    const managed = await open().view.managed(app, signal);
    const encoded = Buffer.from("hunter2").toString("base64");
    expect(
      managed.map(({ key, sync, target, live, hook }) => ({
        key,
        sync,
        hook,
        target: target?.["data"],
        live: live?.["data"],
      })),
    ).toEqual([
      {
        key: "/Secret/web/login",
        sync: "Synced",
        hook: false,
        target: { password: encoded },
        live: { password: encoded },
      },
      {
        key: "/ConfigMap/web/one",
        sync: "Synced",
        hook: false,
        target: { level: "info" },
        live: { level: "info" },
      },
    ]);
  });

  it("compares other manifests, of which nothing lives", async () => {
    const compared = await open().view.compareWith(
      app,
      [configMap("one", "warn"), configMap("new", "info")],
      signal,
    );
    expect(compared.map(({ sync, live, predicted }) => [sync, live?.["data"], predicted?.["data"]])).toEqual([
      ["OutOfSync", { level: "info" }, { level: "warn" }],
      ["OutOfSync", undefined, expect.anything()],
    ]);
  });

  it("names what nobody manages beside an application, where its project asks for that", async () => {
    await expect
      .poll(async () => open().view.orphans(app, signal), { timeout: 10_000 })
      .toEqual([keyOf(objectNamed("stray"))]);
  });
}

function describeAnswers(open: Open): void {
  it("tells in the order of the question what was seen last, and of what does not exist nothing", async () => {
    const keys = ["none", "one", "never"].map((one) => keyOf(objectNamed(one)));
    const seen = await open().view.lastSeen(app, keys, signal);
    expect(seen.map((object) => object?.["data"])).toEqual([undefined, { level: "info" }, undefined]);
    expect(seen[0]).toBeUndefined();
  });

  it("plans what a sync would do, at another revision too, without a value in it", async () => {
    const { view, repository } = open();
    const operation = { sync: { prune: true } };
    const { told: none } = await view.plan(app, { operation, revisions: [], signal });
    const verbs = none.waves.flatMap(({ actions }) => actions.map(({ verb, name }) => [verb, name]));
    expect([verbs, none.refusals]).toEqual([
      [
        ["skip", "login"],
        ["skip", "one"],
      ],
      [],
    ]);
    const commit = await repository.git("rev-parse", "main");
    const { told: same } = await view.plan(app, { operation, revisions: [commit], signal });
    expect([same.digest, same.revision]).toEqual([none.digest, commit]);
    expect(JSON.stringify(none)).not.toContain("hunter2");
    const asked = view.plan(missing, { operation, revisions: [], signal });
    await expect(asked).rejects.toThrow(expect.objectContaining({ code: "APP_NOT_FOUND" }));
  });

  it("plans the first sync of an application that does not exist, and leaves nothing of it", async () => {
    const { view, repository } = open();
    const unborn = unbornAt(repository.url);
    const { told, approval } = await view.preview(unborn, { sync: {} }, signal);
    const actions = told.waves.flatMap((wave) => wave.actions);
    expect(actions.map(({ kind, name, because }) => [kind, name, because])).toEqual([
      ["Secret", "login", "missing"],
      ["ConfigMap", "one", "missing"],
    ]);
    expect([approval, told.refusals]).toEqual(["none", []]);
    expect(JSON.stringify(told)).not.toContain("hunter2");
    const asked = view.plan(appKey("argocd", "unborn"), { operation: {}, revisions: [], signal });
    await expect(asked).rejects.toThrow(expect.objectContaining({ code: "APP_NOT_FOUND" }));
  });

  it("renders a revision, and files that a client brings", async () => {
    const { view, repository } = open();
    const commit = await repository.git("rev-parse", "main");
    const rendered = await view.manifests(app, { revisions: [commit], signal });
    expect([rendered.revisions, rendered.objects.map(({ object }) => nameIn(object)).toSorted()]).toEqual([
      [commit],
      ["login", "one"],
    ]);
    const tree = createMemoryTree({
      "web/mine.yaml": configMap("mine", "info"),
      "web/link.yaml": { symlink: "../elsewhere/linked.yaml" },
      "elsewhere/linked.yaml": configMap("linked", "info"),
    });
    const own = await view.manifests(app, { revisions: [], files: { tree, isTrusted: false }, signal });
    expect(own.objects.map(({ object }) => nameIn(object)).toSorted()).toEqual(["linked", "mine"]);
  });
}

function sourceOf({ repository }: ViewSubject, targetRevision = "main"): ApplicationSource {
  return { repoURL: repository.url, path: "web", targetRevision } as ApplicationSource;
}

function describeRevisions(open: Open): void {
  it("says who wrote a commit, and has its files", async () => {
    const subject = open();
    const asked = { source: sourceOf(subject), revision: "main", signal };
    expect(await subject.view.describeCommit(app, asked)).toMatchObject({
      author: "Ada Lovelace <ada@example.com>",
      message: "Begin",
      tags: ["v1.0.0"],
    });
    const tree = await subject.view.openSource(app, asked);
    expect(tree.revision).toBe(await subject.repository.git("rev-parse", "main"));
    expect((await tree.list("", signal))?.map(({ name, type }) => `${type} ${name}`)).toEqual([
      "file README.md",
      "directory web",
    ]);
    expect(await tree.list("nowhere", signal)).toBeUndefined();
    expect(await tree.stat("nowhere", signal)).toBeUndefined();
    expect(await tree.stat("README.md", signal)).toMatchObject({ type: "file", executable: false });
    const text = await tree.read("README.md", { maxBytes: 100, signal });
    expect(new TextDecoder().decode(text)).toBe("hello\n");
    await expect(tree.read("README.md", { maxBytes: 3, signal })).rejects.toMatchObject({
      code: "GIT_TOO_LARGE",
    });
    await expect(tree.read("nowhere", { maxBytes: 3, signal })).rejects.toMatchObject({
      code: "GIT_PATH_NOT_FOUND",
    });
  });

  it("refuses to take a commit for an artifact", async () => {
    const subject = open();
    await expect(
      subject.view.describeArtifact(app, { source: sourceOf(subject), revision: "main", signal }),
    ).rejects.toMatchObject({ code: "API_INVALID_ARGUMENT" });
  });
}

function describeRepositories(open: Open): void {
  it("lists branches and tags, and opens a source with what it renders to", async () => {
    const subject = open();
    const { repositories } = subject.view;
    const { url } = subject.repository;
    expect(await repositories.listRefs({ url, project: "" }, signal)).toEqual({
      branches: ["main"],
      tags: ["v1.0.0"],
    });
    const opened = await repositories.openSource({
      source: sourceOf(subject),
      project,
      appName: "other",
      signal,
    });
    expect([opened.directory, opened.tool, opened.source.path]).toEqual(["web", "Directory", "web"]);
    expect((await opened.tree.list("web", signal))?.map(({ name }) => name)).toEqual([
      "login.yaml",
      "one.yaml",
    ]);
    expect((await opened.render()).map(nameIn).toSorted()).toEqual(["login", "one"]);
  });

  it("tests a repository that is not stored, and says what is wrong with one", async () => {
    const { view, repository } = open();
    const secretOf = (url: string): KubeObject => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: "asked",
        namespace: "argocd",
        labels: { "argocd.argoproj.io/secret-type": "repository" },
      },
      data: { url: Buffer.from(url).toString("base64") },
    });
    await expect(view.testRepository(secretOf(repository.url), signal)).resolves.toBeUndefined();
    await expect(view.testRepository(secretOf(`${repository.url}-gone`), signal)).rejects.toMatchObject({
      code: expect.stringMatching(/^GIT_/u) as string,
    });
  });
}

function describeFailures(open: Open): void {
  const asks: readonly (readonly [
    string,
    (view: LiveView, key: AppKey, until: AbortSignal) => Promise<unknown>,
  ])[] = [
    ["managed", (view, key, until) => view.managed(key, until)],
    ["manifests", (view, key, until) => view.manifests(key, { revisions: [], signal: until })],
    ["orphans", (view, key, until) => view.orphans(key, until)],
    ["lastSeen", (view, key, until) => view.lastSeen(key, [keyOf(objectNamed("one"))], until)],
  ];

  it.each(asks)("names an application that does not exist: %s", async (_name, ask) => {
    await expect(ask(open().view, missing, signal)).rejects.toMatchObject({
      code: "APP_NOT_FOUND",
      message: expect.stringContaining("argocd/missing") as string,
    });
  });

  it("names the manifest that is none", async () => {
    await expect(open().view.compareWith(app, ["no: manifest"], signal)).rejects.toMatchObject({
      code: "RENDER_INVALID",
    });
  });

  it("ends when its signal aborts", async () => {
    const { view } = open();
    await expect(view.managed(app, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    await expect(view.manifests(app, { revisions: [], signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
}
