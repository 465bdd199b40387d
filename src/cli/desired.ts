import type { AppReferences } from "#core/hub/index.ts";
import type { Desired } from "#engine/desired.ts";
import { resolveRevision } from "#engine/open-source.ts";
import { renderDesired as render } from "#engine/render-desired.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { CliPorts } from "./ports.ts";

export interface RenderRequest {
  readonly target: Cluster;
  /** By source, instead of the target revisions; an empty one leaves its source's. */
  readonly revisions: readonly string[];
  readonly ports: CliPorts;
}

/** What Git wants of an Application, rendered and placed as the controller does it. Throws `GIT_`, `CHART_` and `RENDER_` errors. */
export async function renderDesired(
  references: AppReferences,
  { target, revisions: asked, ports }: RenderRequest,
): Promise<Desired> {
  const { signal } = ports;
  await using git = await ports.startGit();
  await using renderer = await ports.startRenderer();
  const access = { git, fetcher: ports.fetcherFor?.(references), signal };
  const revisions: string[] = [];
  for (const [i, reference] of references.sources.entries())
    revisions.push(await resolveRevision(reference, asked[i] ?? "", { ...access, maxAgeMs: 0 }));
  const discovery = await target.discover(signal);
  const openDataKeys = await ports.startDataKeys();
  // Awaited here: what is disposed at the end of this function is needed until then.
  return await render(references, revisions, { ...access, renderer, openDataKeys, target, discovery });
}
