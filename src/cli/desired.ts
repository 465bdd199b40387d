import type { AppReferences } from "#core/hub/index.ts";
import type { Desired } from "#engine/desired.ts";
import { renderDesired as render } from "#engine/render-desired.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { CliPorts } from "./ports.ts";

export interface RenderRequest {
  readonly target: Cluster;
  /** Instead of the target revision. */
  readonly revision: string | undefined;
  readonly ports: CliPorts;
}

/** What Git wants of an Application at a revision, rendered and placed as the controller does it. Throws `GIT_` and `RENDER_` errors. */
export async function renderDesired(
  references: AppReferences,
  { target, revision, ports }: RenderRequest,
): Promise<Desired> {
  const { source, repository } = references;
  const { signal } = ports;
  await using git = await ports.startGit();
  await using renderer = await ports.startRenderer();
  const asked = revision ?? source.targetRevision ?? "";
  const { commit } = await git.resolve(repository, asked, { maxAgeMs: 0, signal });
  const discovery = await target.discover(signal);
  const openDataKeys = await ports.startDataKeys();
  // Awaited here: what is disposed at the end of this function is needed until then.
  return await render(references, commit, { git, renderer, openDataKeys, discovery, signal });
}
