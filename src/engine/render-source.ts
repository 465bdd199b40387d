import type { AppReferences, SourceReference } from "#core/hub/index.ts";
import type { RenderTool } from "#core/source/index.ts";
import { buildEnvironmentOf, chooseTool, normalisePath, resolveRenderTool } from "#core/source/index.ts";
import type { OpenDataKeys } from "#ports/data-keys.ts";
import type { Renderer, RenderResult, MountedTree } from "#ports/renderer.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { ClusterFacts } from "./cluster-facts.ts";
import { followDirectory } from "./follow-directory.ts";
import type { SourceAccess } from "./open-source.ts";
import { openSource, pathOf } from "./open-source.ts";
import { withOverrides } from "./read-overrides.ts";

export interface SourceRender extends SourceAccess {
  readonly renderer: Renderer;
  readonly openDataKeys: OpenDataKeys;
  readonly references: AppReferences;
  /** By source, all of them. */
  readonly revisions: readonly string[];
  readonly facts: () => Promise<ClusterFacts>;
}

/** Renders one of an application's sources at its revision. Throws `GIT_`, `CHART_`, `RENDER_` and CONFIG_INVALID errors. */
export async function renderSource(index: number, render: SourceRender): Promise<RenderResult> {
  const { references, renderer, openDataKeys, revisions, fetcher, signal } = render;
  const { privateKeys, substitution } = references;
  const reference = references.sources[index];
  if (reference === undefined) throw new Error(`the application has no source ${index}`);
  const tree = await openSource(reference, revisions[index] ?? "", render);
  const path = normalisePath(pathOf(reference));
  const tool = await resolveTool(index, { reference, tree, path, render });
  return renderer.render({
    tree,
    repositoryUrl: reference.kind === "chart" ? `${reference.url}#${reference.chart}` : reference.url,
    scope: references.project.metadata.name,
    path,
    source: tool,
    mounts: await mountsOf(tool, render),
    dataKeys: openDataKeys(privateKeys),
    ...(substitution === undefined ? {} : { substitution }),
    ...(fetcher === undefined ? {} : { fetcher }),
    signal,
  });
}

/** Plain files are not told of the cluster, so they need not wait for it. */
const noFacts: ClusterFacts = { kubeVersion: "", apiVersions: [] };

interface Opened {
  readonly reference: SourceReference;
  readonly tree: SourceTree;
  readonly path: string;
  readonly render: SourceRender;
}

async function resolveTool(index: number, { reference, tree, path, render }: Opened): Promise<RenderTool> {
  const { references, revisions, signal } = render;
  const { app, instance, project, settings } = references;
  const directory = await followDirectory(tree, path, signal);
  const source = await withOverrides(reference.source, { tree, directory, appName: instance, signal });
  const entries = (await tree.list(directory, signal)) ?? [];
  const files = entries.filter((entry) => entry.type !== "directory").map((entry) => entry.name);
  const tool = chooseTool(source, { files, enabled: settings.source.enabled });
  const usesFacts = tool !== "Directory" || source.directory?.jsonnet !== undefined;
  const { kubeVersion, apiVersions } = usesFacts ? await render.facts() : noFacts;
  const namespace = app.spec.destination.namespace ?? "";
  return resolveRenderTool(source, {
    tool,
    path,
    refs: new Set(references.sources.flatMap((one) => one.source.ref ?? [])),
    schemes: settings.source.valuesFileSchemes,
    settings: settings.source,
    releaseName: app.metadata.name,
    namespace,
    kubeVersion,
    apiVersions,
    environment: buildEnvironmentOf({
      appName: instance,
      namespace,
      project: project.metadata.name,
      revision: revisions[index] ?? "",
      path: reference.source.path ?? "",
      repoUrl: reference.url,
      targetRevision: reference.source.targetRevision ?? "",
      kubeVersion,
      apiVersions,
    }),
  });
}

/** The sources whose files a chart is given. */
async function mountsOf(tool: RenderTool, render: SourceRender): Promise<readonly MountedTree[]> {
  if (tool.tool !== "helm") return [];
  const files = [
    ...tool.values.flatMap((one) => (one.kind === "file" ? [one.path] : [])),
    ...tool.fileParameters.map((one) => one.path),
  ];
  const mounted: MountedTree[] = [];
  for (const [i, reference] of render.references.sources.entries()) {
    const name = reference.source.ref ?? "";
    if (name === "" || !files.some((file) => file.startsWith(`.git/mounts/${name}/`))) continue;
    mounted.push({ name, tree: await openSource(reference, render.revisions[i] ?? "", render) });
  }
  return mounted;
}
