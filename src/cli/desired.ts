import { MooringError } from "#core/errors/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import { excludesResource } from "#core/settings/index.ts";
import { setTracking } from "#core/tracking/index.ts";
import { detectTool } from "#engine/detect-tool.ts";
import type { Desired } from "#engine/desired.ts";
import { placeDesired } from "#engine/desired.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { CliPorts } from "./ports.ts";
import type { ResolvedApp } from "./resolve.ts";
import { normalisePath } from "./validate-source.ts";

export interface RenderRequest {
  readonly target: Cluster;
  /** Instead of the target revision. */
  readonly revision: string | undefined;
  readonly ports: CliPorts;
}

/** What Git wants of an Application at a revision, rendered and placed as the controller does it. Throws `GIT_` and `RENDER_` errors. */
export async function renderDesired(
  resolved: ResolvedApp,
  { target, revision, ports }: RenderRequest,
): Promise<Desired> {
  const { source, repository, settings, tracking, app } = resolved;
  const { signal } = ports;
  await using git = await ports.startGit();
  await using renderer = await ports.startRenderer();
  const asked = revision ?? source.targetRevision ?? "";
  const { commit } = await git.resolve(repository, asked, { maxAgeMs: 0, signal });
  const tree = await git.open(repository, commit, signal);
  const path = normalisePath(source.path ?? "");
  if (source.directory === undefined) {
    const tool = await detectTool(tree, path, signal);
    if (tool !== "Directory") {
      throw new MooringError(
        "RENDER_UNSUPPORTED",
        `path ${path === "" ? "." : path}: is a ${tool} source, and ${tool} is not supported yet; set spec.source.directory to deploy its files as they are`,
      );
    }
  }
  const render = await renderer.render({
    tree,
    repositoryUrl: repository.url,
    path,
    source: {
      tool: "directory",
      recurse: source.directory?.recurse ?? false,
      include: source.directory?.include ?? "",
      exclude: source.directory?.exclude ?? "",
    },
    signal,
  });
  return placeDesired(render, commit, {
    discovery: await target.discover(signal),
    namespace: app.spec.destination.namespace ?? "",
    excludes: (key) => {
      const { group, kind } = parseObjectKey(key);
      return excludesResource(settings.resourceFilter, { group, kind, server: resolved.target.server });
    },
    track: (object) => setTracking(object, tracking),
  });
}
