import { join } from "node:path";
import { describe, expect } from "vitest";
import type { JsonValue } from "#core/object/index.ts";
import { createRepository, type TestRepository } from "../git-servers/repository.ts";
import { formatFiles } from "./application.ts";
import { foreignFields } from "./argocd-fields.ts";
import { configMap, it } from "./fixture.ts";

function otherRepository(directory: string, name: string): Promise<TestRepository> {
  return createRepository(join(directory, `other-${name}.git`));
}

describe("an application of several sources", () => {
  it("deploys them all, follows each of them, and says so in lists as Argo CD does", async ({
    create,
    hub,
  }) => {
    const other = await otherRepository(hub.directory, "other");
    const second = await other.commit(formatFiles({ "b/b.yaml": configMap("b", { k: "1" }) }));
    const app = await create("several", {
      files: { "a.yaml": configMap("a") },
      sources: (repository) => [
        { repoURL: repository.url, path: ".", targetRevision: "main", name: "first" },
        { repoURL: other.url, path: "b", targetRevision: "main" },
        { repoURL: other.url, ref: "values", targetRevision: "main" },
      ],
      automated: { prune: true },
    });
    const first = await app.repository.git("rev-parse", "main");
    const revisions = [first, second, second];
    const done = await app.waitFor(({ status }) =>
      expect([status?.sync?.status, status?.sync?.revisions, status?.history?.length]).toEqual([
        "Synced",
        revisions,
        1,
      ]),
    );
    expect(foreignFields(done as unknown as JsonValue)).toEqual([]);
    const { sources } = done.spec;
    const { status } = done;
    expect({
      revision: status?.sync?.revision,
      comparedTo: status?.sync?.comparedTo?.sources,
      sourceType: status?.sourceType,
      sourceTypes: status?.sourceTypes,
      asked: status?.operationState?.operation.sync?.revisions,
      result: status?.operationState?.syncResult?.revisions,
      deployed: status?.history?.map((entry) => [
        entry.revision,
        entry.revisions,
        entry.source,
        entry.sources,
      ]),
    }).toEqual({
      revision: undefined,
      comparedTo: sources,
      sourceType: undefined,
      sourceTypes: ["Directory", "Directory", ""],
      asked: revisions,
      result: revisions,
      deployed: [[undefined, revisions, undefined, sources]],
    });
    const third = await other.commit(formatFiles({ "b/b.yaml": configMap("b", { k: "2" }) }));
    await app.refresh();
    await app.waitFor(({ status: now }) =>
      expect([now?.sync?.status, now?.sync?.revisions, now?.history?.length]).toEqual([
        "Synced",
        [first, third, third],
        2,
      ]),
    );
    expect((await app.live("configmaps/b"))?.["data"]).toEqual({ k: "2" });
  });

  it("lets the last source win over an object that two of them have, and warns", async ({ create, hub }) => {
    const other = await otherRepository(hub.directory, "over");
    await other.commit(formatFiles({ "a.yaml": configMap("a", { from: "other" }) }));
    const app = await create("twice", {
      files: { "a.yaml": configMap("a", { from: "own" }) },
      sources: (repository) => [
        { repoURL: repository.url, path: ".", targetRevision: "main", name: "own" },
        { repoURL: other.url, path: ".", targetRevision: "main" },
      ],
    });
    expect(await app.sync()).toBe(
      ["Succeeded: successfully synced (all tasks run)", "ConfigMap/a Synced: configmap/a created"].join(
        "\n",
      ),
    );
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ from: "other" });
    expect(await app.conditions()).toEqual([
      "RepeatedResourceWarning: ConfigMap/a: defined in own: a.yaml#1 and again in sources[1]: a.yaml#1; the last one is used, remove one of them",
    ]);
  });

  it("is synced to revisions that a client names, and rolled back to what it was", async ({
    create,
    hub,
  }) => {
    const other = await otherRepository(hub.directory, "back");
    const old = await other.commit(formatFiles({ "b.yaml": configMap("b", { k: "old" }) }));
    await other.commit(formatFiles({ "b.yaml": configMap("b", { k: "new" }) }));
    const app = await create("back", {
      files: { "a.yaml": configMap("a") },
      sources: (repository) => [
        { repoURL: repository.url, path: ".", targetRevision: "main" },
        { repoURL: other.url, path: ".", targetRevision: "main" },
      ],
    });
    await app.sync({ revisions: ["", old] });
    expect((await app.live("configmaps/b"))?.["data"]).toEqual({ k: "old" });
    expect(await app.state()).toBe("OutOfSync Healthy");
    await app.sync();
    expect((await app.live("configmaps/b"))?.["data"]).toEqual({ k: "new" });
    const [entry] = (await app.status()).history ?? [];
    await app.sync({ sources: entry?.sources ?? [], revisions: entry?.revisions ?? [] });
    expect((await app.live("configmaps/b"))?.["data"]).toEqual({ k: "old" });
    const { history } = await app.status();
    expect(history?.map((one) => one.revisions?.[1] === old)).toEqual([true, false, true]);
  });

  it("is refused while its project forbids one of them", async ({ create, hub }) => {
    const other = await otherRepository(hub.directory, "banned");
    await other.commit(formatFiles({ "b.yaml": configMap("b") }));
    await hub.create({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: "careful" },
      spec: { sourceRepos: [`!${other.url}`, "*"], destinations: [{ server: "*", namespace: "*" }] },
    });
    const app = await create("banned", {
      files: { "a.yaml": configMap("a") },
      spec: { project: "careful" },
      sources: (repository) => [
        { repoURL: repository.url, path: ".", targetRevision: "main" },
        { repoURL: other.url, path: ".", targetRevision: "main" },
      ],
    });
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        expect.stringMatching(
          /^InvalidSpecError: .*repository .* is not permitted in project "careful": .* forbids it$/u,
        ),
      ]),
    );
    expect(await app.live("configmaps/a")).toBeUndefined();
  });
});

describe("overrides beside the manifests", () => {
  it("change how an application reads its directory, for all applications and then for one", async ({
    create,
  }) => {
    const files = {
      "a.yaml": configMap("a"),
      "deep/b.yaml": configMap("b"),
      "deep/c.yaml": configMap("c"),
      ".argocd-source.yaml": "directory:\n  recurse: true\n",
    };
    const app = await create("override", { files });
    expect(await app.sync()).toMatch(/ConfigMap\/a Synced.*ConfigMap\/b Synced.*ConfigMap\/c Synced/su);
    const own = `.argocd-source-${app.name}.yaml`;
    await app.push({ ...files, [own]: "directory: {exclude: deep/c.yaml}\nrepoURL: file:///etc\n" });
    await app.waitFor(({ status }) =>
      expect(status?.resources?.map((one) => [one.name, one.requiresPruning ?? false])).toEqual([
        ["a", false],
        ["b", false],
        ["c", true],
      ]),
    );
    await app.push({ ...files, [own]: "directory: [recurse\n" });
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        "ComparisonError: .argocd-source-<app>.yaml: not YAML (line 2); correct it",
      ]),
    );
  });
});
