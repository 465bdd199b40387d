import { MooringError } from "#core/errors/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import { excludesResource } from "#core/settings/index.ts";
import { setTracking } from "#core/tracking/index.ts";
import type { Discovery } from "#ports/cluster.ts";
import type { OpenDataKeys } from "#ports/data-keys.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { RenderResult, Renderer } from "#ports/renderer.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { Desired } from "./desired.ts";
import { placeDesired } from "./desired.ts";
import { detectTool } from "./detect-tool.ts";

export interface RenderContext {
  readonly git: GitStore;
  readonly renderer: Renderer;
  readonly openDataKeys: OpenDataKeys;
  /** Of the cluster that the objects are for. */
  readonly discovery: Discovery;
  readonly signal: AbortSignal;
}

/** Renders an application's source at a commit and places its objects. Throws `GIT_` and `RENDER_` errors. */
export async function renderDesired(
  references: AppReferences,
  commit: string,
  context: RenderContext,
): Promise<Desired> {
  const render = await renderSource(references, commit, context);
  return placeDesired(render, commit, {
    discovery: context.discovery,
    namespace: references.app.spec.destination.namespace ?? "",
    excludes: excludedBy(references),
    track: (object) => setTracking(object, references.tracking),
  });
}

function excludedBy({ settings, target }: AppReferences): (key: ObjectKey) => boolean {
  return (key) => {
    const { group, kind } = parseObjectKey(key);
    return excludesResource(settings.resourceFilter, { group, kind, server: target.server });
  };
}

async function renderSource(
  { repository, source, privateKeys, substitution }: AppReferences,
  commit: string,
  { git, renderer, openDataKeys, signal }: RenderContext,
): Promise<RenderResult> {
  const tree = await git.open(repository, commit, signal);
  const path = normalisePath(source.path ?? "");
  if (source.directory === undefined) await refuseOtherTools(tree, path, signal);
  return renderer.render({
    tree,
    repositoryUrl: repository.url,
    path,
    source: {
      tool: "directory",
      recurse: source.directory?.recurse ?? false,
      include: source.directory?.include ?? "",
      exclude: source.directory?.exclude ?? "",
    },
    dataKeys: openDataKeys(privateKeys),
    ...(substitution === undefined ? {} : { substitution }),
    signal,
  });
}

/** Throws RENDER_UNSUPPORTED for a chart or a kustomization: applied as plain files, templates and patches would be deployed. */
export async function refuseOtherTools(tree: SourceTree, path: string, signal: AbortSignal): Promise<void> {
  const tool = await detectTool(tree, path, signal);
  if (tool === "Directory") return;
  throw new MooringError(
    "RENDER_UNSUPPORTED",
    `path ${path === "" ? "." : path}: is a ${tool} source, and ${tool} is not supported yet; set spec.source.directory to deploy its files as they are`,
  );
}

/** `./a//b/` and `a/b` are the same directory. */
export function normalisePath(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}
