import type { ApplicationSource } from "#core/app/index.ts";
import type { ClientFiles, LiveView } from "#ports/live-view.ts";
import type { OpenedSource, RepositoryView, SourceRequest } from "#ports/repository-view.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { Ask, TreeName } from "./calls.ts";

export interface RemoteViewOptions {
  readonly ask: Ask;
  /** All files of a tree as a gzipped tar. Throws when they are too large. */
  readonly packFiles: (tree: SourceTree, signal: AbortSignal) => Promise<Uint8Array>;
}

/** A view that asks the controller that leads. */
export function createRemoteView({ ask, packFiles }: RemoteViewOptions): LiveView {
  const archived = async ({ tree, isTrusted }: ClientFiles, signal: AbortSignal) => ({
    archive: Buffer.from(await packFiles(tree, signal)).toString("base64"),
    isTrusted,
  });
  return {
    managed: (app, signal) => ask("managed", { app }, signal),
    manifests: async (app, { revisions, files, signal }) => {
      const request = { app, revisions };
      if (files === undefined) return ask("manifests", request, signal);
      return ask("manifests", { ...request, files: await archived(files, signal) }, signal);
    },
    compareWith: (app, manifests, signal) => ask("compareWith", { app, manifests }, signal),
    describeCommit: (app, { source, revision, signal }) =>
      ask("describeCommit", { app, source, revision }, signal),
    describeArtifact: (app, { source, revision, signal }) =>
      ask("describeArtifact", { app, source, revision }, signal),
    openSource: async (app, { source, revision: asked, signal }) => {
      const { revision } = await ask("openRevision", { app, source, revision: asked }, signal);
      const pinned = isInGit(source) ? revision : asked;
      return remoteTree(ask, { of: "application", app, source, revision: pinned }, revision);
    },
    lastSeen: async (app, keys, signal) =>
      (await ask("lastSeen", { app, keys }, signal)).map((object) => object ?? undefined),
    orphans: (app, signal) => ask("orphans", { app }, signal),
    plan: (app, { operation, revisions, signal }) => ask("plan", { app, operation, revisions }, signal),
    preview: (app, operation, signal) => ask("preview", { app, operation }, signal),
    timeline: (app, limit, signal) => ask("timeline", { app, limit }, signal),
    load: (signal) => ask("load", {}, signal),
    testRepository: async (secret, signal) => {
      await ask("testRepository", { secret }, signal);
    },
    deliveries: {
      trace: ({ kind = null, signal, ...request }) => ask("trace", { ...request, kind }, signal),
      figures: ({ signal, ...request }) => ask("figures", request, signal),
    },
    repositories: remoteRepositories(ask),
  };
}

function remoteRepositories(ask: Ask): RepositoryView {
  return {
    listRefs: ({ url, project }, signal) => ask("listRefs", { url, project }, signal),
    listTags: ({ url, project }, signal) => ask("listTags", { url, project }, signal),
    listCharts: ({ url, project }, signal) => ask("listCharts", { url, project }, signal),
    openSource: (request) => openRepository(ask, request),
  };
}

async function openRepository(
  ask: Ask,
  { source: asked, project, appName, signal }: SourceRequest,
): Promise<OpenedSource> {
  const tree = { of: "repository", source: asked, project, appName } as const;
  const { revision, ...opened } = await ask("openRepository", tree, signal);
  // A branch may move between two reads: they are of the commit that was found first.
  const pinned = isInGit(asked) ? { ...tree, source: { ...asked, targetRevision: revision } } : tree;
  return {
    ...opened,
    tree: remoteTree(ask, pinned, revision),
    render: () => ask("render", pinned, signal),
  };
}

/** Charts and artifacts are named by versions and digests, which do not move. */
function isInGit({ chart = "", repoURL }: ApplicationSource): boolean {
  return chart === "" && !repoURL.startsWith("oci://");
}

/** Files that are read one by one: a repository may have more of them than anybody wants to see. */
function remoteTree(ask: Ask, tree: TreeName, revision: string): SourceTree {
  return {
    revision,
    stat: async (path, signal) => (await ask("statFile", { tree, path }, signal)) ?? undefined,
    list: async (path, signal) => (await ask("listFiles", { tree, path }, signal)) ?? undefined,
    read: async (path, { maxBytes, signal }) =>
      Buffer.from(await ask("readFile", { tree, path, maxBytes }, signal), "base64"),
  };
}
