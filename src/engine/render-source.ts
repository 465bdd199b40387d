import type { SourceReference } from "#core/hub/index.ts";
import type { RenderTool, SourceSettings } from "#core/source/index.ts";
import { buildEnvironmentOf, chooseTool, normalisePath, resolveRenderTool } from "#core/source/index.ts";
import type { DataKeys } from "#ports/data-keys.ts";
import type { MountedTree, Renderer, RenderResult, Substitution } from "#ports/renderer.ts";
import type { SourceFetcher } from "#ports/source-fetcher.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { ClusterFacts } from "./cluster-facts.ts";
import { followDirectory } from "./follow-directory.ts";
import { pathOf } from "./open-source.ts";
import { withOverrides } from "./read-overrides.ts";

/** Whom a source is rendered for. */
interface RenderSubject {
  /** The release name of charts unless they are told another. */
  readonly name: string;
  /** The name in tracking ids. */
  readonly instance: string;
  /** Of the destination. */
  readonly namespace: string;
  readonly project: string;
}

export interface SourceRender {
  readonly renderer: Renderer;
  readonly fetcherFor: (reference: SourceReference) => SourceFetcher;
  /** Without them encrypted files are errors. */
  readonly dataKeys?: DataKeys | undefined;
  readonly substitution?: Substitution | undefined;
  readonly subject: RenderSubject;
  readonly settings: SourceSettings;
  /** All of the application, since charts may be given files of other sources. */
  readonly sources: readonly SourceReference[];
  /** By source. */
  readonly revisions: readonly string[];
  /** The files of a source at its revision. */
  readonly open: (index: number) => Promise<SourceTree>;
  readonly facts: () => Promise<ClusterFacts>;
  readonly signal: AbortSignal;
}

/** Renders one source at its revision. Throws `GIT_`, `CHART_`, `RENDER_` and CONFIG_INVALID errors. */
export async function renderSource(index: number, render: SourceRender): Promise<RenderResult> {
  const { sources, renderer, dataKeys, substitution, subject, signal } = render;
  const reference = sources[index];
  if (reference === undefined) throw new Error(`the application has no source ${index}`);
  const tree = await render.open(index);
  const path = normalisePath(pathOf(reference));
  const fetcher = render.fetcherFor(reference);
  const tool = await resolveTool(reference, { tree, path, revision: render.revisions[index] ?? "", render });
  return renderer.render({
    tree,
    repositoryUrl: reference.kind === "chart" ? `${reference.url}#${reference.chart}` : reference.url,
    scope: subject.project,
    path,
    source: tool,
    mounts: await mountsOf(tool, render),
    ...(dataKeys === undefined ? {} : { dataKeys }),
    ...(substitution === undefined ? {} : { substitution }),
    fetcher,
    signal,
  });
}

/** Plain files are not told of the cluster, so they need not wait for it. */
const noFacts: ClusterFacts = { kubeVersion: "", apiVersions: [] };

interface Opened {
  readonly tree: SourceTree;
  readonly path: string;
  readonly revision: string;
  readonly render: SourceRender;
}

async function resolveTool(
  reference: SourceReference,
  { tree, path, revision, render }: Opened,
): Promise<RenderTool> {
  const { subject, settings, sources, signal } = render;
  const directory = await followDirectory(tree, path, signal);
  const source = await withOverrides(reference.source, {
    tree,
    directory,
    appName: subject.instance,
    signal,
  });
  const entries = (await tree.list(directory, signal)) ?? [];
  const files = entries.filter((entry) => entry.type !== "directory").map((entry) => entry.name);
  const tool = chooseTool(source, { files, enabled: settings.enabled });
  const usesFacts = tool !== "Directory" || source.directory?.jsonnet !== undefined;
  const { kubeVersion, apiVersions } = usesFacts ? await render.facts() : noFacts;
  const { namespace } = subject;
  return resolveRenderTool(source, {
    tool,
    path,
    refs: new Set(sources.flatMap((one) => one.source.ref ?? [])),
    schemes: settings.valuesFileSchemes,
    settings,
    releaseName: subject.name,
    namespace,
    kubeVersion,
    apiVersions,
    environment: buildEnvironmentOf({
      appName: subject.instance,
      namespace,
      project: subject.project,
      revision,
      path: reference.source.path ?? "",
      repoUrl: reference.url,
      targetRevision: reference.source.targetRevision ?? "",
      kubeVersion,
      apiVersions,
    }),
  });
}

/** The sources whose files a chart is given. */
async function mountsOf(tool: RenderTool, { sources, open }: SourceRender): Promise<readonly MountedTree[]> {
  if (tool.tool !== "helm") return [];
  const files = [
    ...tool.values.flatMap((one) => (one.kind === "file" ? [one.path] : [])),
    ...tool.fileParameters.map((one) => one.path),
  ];
  const mounted: MountedTree[] = [];
  for (const [i, { source }] of sources.entries()) {
    const name = source.ref ?? "";
    if (name === "" || !files.some((file) => file.startsWith(`.git/mounts/${name}/`))) continue;
    mounted.push({ name, tree: await open(i) });
  }
  return mounted;
}
