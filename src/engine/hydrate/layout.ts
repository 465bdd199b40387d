import type { DryCommit, HydratedApp } from "#core/hydrate/index.ts";
import { branchMetadata, commitMessage, pathMetadata, pathReadme } from "#core/hydrate/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { TreeChange } from "#ports/git-writer.ts";
import type { SourceTree } from "#ports/source-tree.ts";

/** What one application is rendered to. */
export interface HydratedManifests extends HydratedApp {
  /** The text of `manifest.yaml`. */
  readonly manifests: string;
}

export interface Layout {
  readonly dry: DryCommit;
  readonly apps: readonly HydratedManifests[];
  /** Directories of other applications, which nothing is taken from. */
  readonly others: ReadonlySet<string>;
  readonly version: string;
  readonly signal: AbortSignal;
}

const manifestFile = "manifest.yaml";
const metadataFile = "hydrator.metadata";
const readmeFile = "README.md";
const maxManifestBytes = 256 * 1024 * 1024;

/**
 * What is to change in a branch so that it holds what was rendered; undefined when it does. Of a directory whose manifests are the same
 * nothing is written. Throws HYDRATE_INVALID for a directory that holds what nobody hydrated.
 */
export async function layOut(tree: SourceTree, layout: Layout): Promise<TreeChange | undefined> {
  const { dry, apps, version } = layout;
  const files = new Map<string, string | undefined>();
  const changed: HydratedManifests[] = [];
  for (const app of apps) {
    const own = await filesOf(tree, app, layout);
    if (own.size > 0) changed.push(app);
    for (const [path, content] of own) files.set(path, content);
  }
  if (files.size === 0) return undefined;
  files.set(metadataFile, branchMetadata(dry));
  return { files, message: commitMessage(dry, changed, version) };
}

async function filesOf(
  tree: SourceTree,
  app: HydratedManifests,
  layout: Layout,
): Promise<ReadonlyMap<string, string | undefined>> {
  const { path, manifests } = app;
  const { dry, signal } = layout;
  await requireDirectory(tree, path, signal);
  const entries = (await tree.list(path, signal)) ?? [];
  const names = new Set(entries.map(({ name }) => name));
  const present = await ownFiles(tree, path, layout);
  if (present.length > 0 && !names.has(metadataFile)) {
    throw new MooringError(
      "HYDRATE_INVALID",
      `spec.sourceHydrator.syncSource.path ${path}: the directory holds files and no ${metadataFile}, so they were not hydrated and would be lost; name another directory, or remove them`,
    );
  }
  const kept = new Set([manifestFile, metadataFile, readmeFile].map((name) => `${path}/${name}`));
  const stale = present.filter((file) => !kept.has(file));
  const isThere = [manifestFile, metadataFile, readmeFile].every((name) => names.has(name));
  if (
    stale.length === 0 &&
    isThere &&
    (await holds(tree, manifests, { file: `${path}/${manifestFile}`, signal }))
  )
    return new Map();
  return new Map<string, string | undefined>([
    ...stale.map((file) => [file, undefined] as const),
    [`${path}/${manifestFile}`, manifests],
    [`${path}/${readmeFile}`, pathReadme(dry, app)],
    [`${path}/${metadataFile}`, pathMetadata(dry, app)],
  ]);
}

/** A link or a file in the place of a directory would be replaced, with whatever it stands for. */
async function requireDirectory(tree: SourceTree, path: string, signal: AbortSignal): Promise<void> {
  const steps = path.split("/");
  for (let depth = 1; depth <= steps.length; depth += 1) {
    const at = steps.slice(0, depth).join("/");
    const found = await tree.stat(at, signal);
    if (found === undefined) return;
    if (found.type === "directory") continue;
    throw new MooringError(
      "HYDRATE_INVALID",
      `spec.sourceHydrator.syncSource.path ${path}: ${at} is a ${found.type} in the branch; name another directory`,
    );
  }
}

/** All files below a directory, without those of other applications. */
async function ownFiles(tree: SourceTree, path: string, layout: Layout): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (directory: string): Promise<void> => {
    for (const { name, type } of (await tree.list(directory, layout.signal)) ?? []) {
      const at = `${directory}/${name}`;
      if (type !== "directory") found.push(at);
      else if (
        !layout.others.has(at) &&
        (await tree.stat(`${at}/${metadataFile}`, layout.signal)) === undefined
      )
        await visit(at);
    }
  };
  await visit(path);
  return found;
}

async function holds(
  tree: SourceTree,
  text: string,
  { file, signal }: { readonly file: string; readonly signal: AbortSignal },
): Promise<boolean> {
  const content = await tree.read(file, { maxBytes: maxManifestBytes, signal });
  return Buffer.from(content).equals(Buffer.from(text));
}
