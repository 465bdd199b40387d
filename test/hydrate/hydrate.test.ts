import { describe, expect, it } from "vitest";
import { configMap, startBed } from "./bed.ts";

describe("applications of one repository and branch", () => {
  it("are written in one commit, which says where it comes from, and synced from there", async () => {
    const bed = await startBed();
    const { repository } = bed;
    const dry = await repository.commit(
      { "apps/web/cm.yaml": configMap("web"), "apps/api/cm.yaml": configMap("api"), "other.txt": "x" },
      { message: "Make them blue\n\nBecause they were not.\n" },
    );
    await bed.create("web", { spec: { syncPolicy: { automated: {} } } });
    await bed.create("api");
    await bed.start();
    const web = await bed.hydrated("web", dry);
    const api = await bed.hydrated("api", dry);
    expect(api.hydratedSHA).toBe(web.hydratedSHA);
    expect(web.hydratedSHA).toBe(await repository.git("rev-parse", "live"));
    expect(await repository.git("rev-list", "--count", "live")).toBe("1");
    expect((await repository.git("ls-tree", "-r", "--name-only", "live")).split("\n")).toEqual([
      "api/README.md",
      "api/hydrator.metadata",
      "api/manifest.yaml",
      "hydrator.metadata",
      "web/README.md",
      "web/hydrator.metadata",
      "web/manifest.yaml",
    ]);
    expect(await repository.git("show", "live:web/manifest.yaml")).toBe(
      "apiVersion: v1\ndata:\n  color: blue\nkind: ConfigMap\nmetadata:\n  name: web",
    );
    expect(JSON.parse(await repository.git("show", "live:hydrator.metadata"))).toMatchObject({
      repoURL: repository.url,
      drySha: dry,
      author: "Ada Lovelace <ada@example.com>",
      subject: "Make them blue",
      body: "Because they were not.",
    });
    expect(JSON.parse(await repository.git("show", "live:api/hydrator.metadata"))).toEqual({
      commands: ["mooring render apps/api --name api --dest-namespace default"],
      repoURL: repository.url,
      drySha: dry,
    });
    const message = await repository.git("log", "-1", "--format=%an|%B", "live");
    expect(message).toMatch(new RegExp(`^Mooring\\|${dry.slice(0, 7)}: Make them blue\n`, "u"));
    expect(message).toContain(`Mooring-Dry-Commit: ${dry}`);
    expect(message).toContain("Mooring-Application: argocd/api\nMooring-Application: argocd/web");
    await bed.waitFor("web", (_operation, app) => {
      expect(app.status?.sync).toMatchObject({
        status: "Synced",
        revision: web.hydratedSHA,
        comparedTo: { source: { repoURL: repository.url, path: "web", targetRevision: "live" } },
      });
      const made = { drySHA: dry, hydratedSHA: web.hydratedSHA, sourceHydrator: app.spec.sourceHydrator };
      const times = { startedAt: expect.any(String) as string, finishedAt: expect.any(String) as string };
      expect(app.status?.sourceHydrator).toEqual({
        currentOperation: { phase: "Hydrated", message: "", ...made, ...times },
        lastSuccessfulOperation: made,
        lastComparedDryRevision: dry,
      });
    });
  });

  it("change by themselves: what renders the same is not touched, and what an earlier render left goes", async () => {
    const bed = await startBed();
    const { repository } = bed;
    const first = await repository.commit({
      "apps/web/cm.yaml": configMap("web"),
      "apps/api/cm.yaml": configMap("api"),
    });
    await bed.create("web");
    await bed.create("api", { syncSource: { path: "web/api" } });
    await bed.start();
    await bed.hydrated("web", first);
    await bed.hydrated("api", first);
    const before = await repository.git("rev-parse", "live:web/api");
    await repository.change({ "web/old/left.yaml": "old: 1\n" }, { branch: "live" });
    const second = await repository.change({ "apps/web/cm.yaml": configMap("web", "red") });
    await bed.refresh("web");
    await bed.hydrated("web", second);
    await bed.hydrated("api", second);
    expect(await repository.git("rev-parse", "live:web/api")).toBe(before);
    expect(await repository.git("ls-tree", "-r", "--name-only", "live", "web/old")).toBe("");
    expect(await repository.git("show", "live:web/manifest.yaml")).toContain("color: red");

    const third = await repository.change({ "unrelated.txt": "y" });
    const tip = await repository.git("rev-parse", "live");
    await bed.refresh("web");
    const web = await bed.hydrated("web", third);
    expect(web.hydratedSHA).toBe(tip);
    expect(await repository.git("rev-parse", "live")).toBe(tip);
  });
});

it("a branch to promote from begins as the branch that is deployed, which is left alone", async () => {
  const bed = await startBed();
  const { repository } = bed;
  const dry = await repository.commit({ "apps/web/cm.yaml": configMap("web") });
  const live = await repository.commit({ "notes.txt": "ours" }, { branch: "live" });
  await bed.create("web", { hydrateTo: { targetBranch: "live-next" } });
  await bed.start();
  const { hydratedSHA } = await bed.hydrated("web", dry);
  expect(await repository.git("rev-parse", "live")).toBe(live);
  expect(await repository.git("rev-parse", "live-next")).toBe(hydratedSHA);
  expect(await repository.git("rev-parse", "live-next^")).toBe(live);
});

it("somebody's request hydrates again, and is taken off", async () => {
  const bed = await startBed();
  const { repository } = bed;
  const dry = await repository.commit({ "apps/web/cm.yaml": configMap("web") });
  await bed.create("web");
  await bed.start();
  await bed.hydrated("web", dry);
  await repository.deleteBranch("live");
  await bed.patch("Application", "web", {
    metadata: { annotations: { "argocd.argoproj.io/hydrate": "normal" } },
  });
  await bed.waitFor("web", (operation, { metadata }) => {
    expect(operation.phase).toBe("Hydrated");
    expect(metadata.annotations ?? {}).not.toHaveProperty(["argocd.argoproj.io/hydrate"]);
  });
  expect(await repository.git("show", "live:web/manifest.yaml")).toContain("blue");
});

describe("nothing is committed, and the status says why,", () => {
  it("where two applications have one directory", async () => {
    const bed = await startBed();
    await bed.repository.commit({
      "apps/web/cm.yaml": configMap("web"),
      "apps/api/cm.yaml": configMap("api"),
    });
    await bed.create("web");
    await bed.create("api", { syncSource: { path: "./web/" } });
    await bed.start();
    expect(await bed.failure("web", "argocd/api")).toBe(
      "Failed to hydrate: spec.sourceHydrator.syncSource.path web: Application/argocd/api is hydrated to it, too; give each a directory of its own",
    );
    await bed.failure("api", "Application/argocd/web is hydrated to it, too");
    expect(await bed.repository.git("branch", "--list", "live")).toBe("");
  });

  it("for a directory outside, at the root, or of somebody else", async () => {
    const bed = await startBed();
    const { repository } = bed;
    await repository.commit({ "apps/web/cm.yaml": configMap("web") });
    await repository.commit({ "docs/guide.md": "ours" }, { branch: "live" });
    const drySource = { path: "apps/web" };
    await bed.create("out", { drySource, syncSource: { path: "../up", targetBranch: "one" } });
    await bed.create("root", { drySource, syncSource: { path: "./.", targetBranch: "two" } });
    await bed.create("docs", { drySource });
    await bed.start();
    await bed.failure("out", "spec.sourceHydrator.syncSource.path has .. in it");
    await bed.failure("root", "spec.sourceHydrator.syncSource.path is the repository's root");
    await bed.failure("docs", "syncSource.path docs: the directory holds files and no hydrator.metadata");
    expect(await repository.git("show", "live:docs/guide.md")).toBe("ours");
  });

  it("where the project does not permit the dry repository", async () => {
    const bed = await startBed();
    const { repository } = bed;
    await repository.commit({ "apps/web/cm.yaml": configMap("web") });
    const destinations = [{ server: "*", namespace: "*" }];
    await bed.apply({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: "narrow", namespace: "argocd" },
      spec: { sourceRepos: ["https://git.example/*"], destinations },
    });
    await bed.create("web", {
      syncSource: { repoURL: "https://git.example/live.git" },
      spec: { project: "narrow" },
    });
    await bed.start();
    await bed.failure("web", `repository ${repository.url} is not permitted in project "narrow"`);
  });

  it("until hydration is turned on", async () => {
    const bed = await startBed();
    const dry = await bed.repository.commit({ "apps/web/cm.yaml": configMap("web") });
    await bed.enable("false");
    await bed.create("web");
    await bed.start();
    await bed.failure("web", "hydrator.enabled of ConfigMap argocd-cmd-params-cm");
    await bed.enable("true");
    await bed.hydrated("web", dry);
  });

  it("for what cannot be rendered, of any application of the commit", async () => {
    const bed = await startBed();
    await bed.repository.commit({ "apps/web/cm.yaml": configMap("web") });
    await bed.create("web");
    await bed.create("api");
    await bed.start();
    await bed.failure("api", "apps/api");
    expect(await bed.failure("web", "cannot hydrate because")).toBe(
      "Failed to hydrate: cannot hydrate because application argocd/api has an error",
    );
    expect(await bed.repository.git("branch", "--list", "live")).toBe("");
  });
});
