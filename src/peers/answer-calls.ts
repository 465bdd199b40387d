import type { ClientArchives } from "#ports/client-archives.ts";
import type { LiveView } from "#ports/live-view.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { Asks, TreeName } from "./calls.ts";

export interface AnswerOptions {
  readonly unpackFiles: ClientArchives["unpack"];
}

/** What is answered from a view. */
export function answersFrom(view: LiveView, { unpackFiles }: AnswerOptions): Asks {
  const { repositories } = view;
  const treeOf = async (name: TreeName, signal: AbortSignal): Promise<SourceTree> =>
    name.of === "application"
      ? view.openSource(name.app, { ...name, signal })
      : (await repositories.openSource({ ...name, signal })).tree;
  return {
    managed: ({ app }, signal) => view.managed(app, signal),
    compareWith: ({ app, manifests }, signal) => view.compareWith(app, manifests, signal),
    manifests: async ({ app, revisions, files }, signal) => {
      if (files === undefined) return view.manifests(app, { revisions, signal });
      using unpacked = await unpackFiles(Buffer.from(files.archive, "base64"), signal);
      const { tree } = unpacked;
      return await view.manifests(app, { revisions, files: { tree, isTrusted: files.isTrusted }, signal });
    },
    describeCommit: ({ app, ...revision }, signal) => view.describeCommit(app, { ...revision, signal }),
    describeArtifact: ({ app, ...revision }, signal) => view.describeArtifact(app, { ...revision, signal }),
    lastSeen: async ({ app, keys }, signal) =>
      (await view.lastSeen(app, keys, signal)).map((object) => object ?? null),
    orphans: ({ app }, signal) => view.orphans(app, signal),
    plan: ({ app, ...request }, signal) => view.plan(app, { ...request, signal }),
    preview: ({ app, operation }, signal) => view.preview(app, operation, signal),
    timeline: ({ app, limit }, signal) => view.timeline(app, limit, signal),
    trace: ({ kind, ...request }, signal) =>
      view.deliveries.trace({ ...request, kind: kind ?? undefined, signal }),
    figures: (request, signal) => view.deliveries.figures({ ...request, signal }),
    load: (_request, signal) => view.load(signal),
    testRepository: async ({ secret }, signal) => {
      await view.testRepository(secret, signal);
      return null;
    },
    listRefs: (repository, signal) => repositories.listRefs(repository, signal),
    listTags: (repository, signal) => repositories.listTags(repository, signal),
    listCharts: (repository, signal) => repositories.listCharts(repository, signal),
    openRevision: async ({ app, ...revision }, signal) => ({
      revision: (await view.openSource(app, { ...revision, signal })).revision,
    }),
    openRepository: async (request, signal) => {
      const opened = await repositories.openSource({ ...request, signal });
      const { tree, directory, source, tool } = opened;
      return { revision: tree.revision, directory, source, tool };
    },
    render: async (request, signal) => (await repositories.openSource({ ...request, signal })).render(),
    statFile: async ({ tree, path }, signal) =>
      (await (await treeOf(tree, signal)).stat(path, signal)) ?? null,
    listFiles: async ({ tree, path }, signal) =>
      (await (await treeOf(tree, signal)).list(path, signal)) ?? null,
    readFile: async ({ tree, path, maxBytes }, signal) => {
      const opened = await treeOf(tree, signal);
      return Buffer.from(await opened.read(path, { maxBytes, signal })).toString("base64");
    },
  };
}
