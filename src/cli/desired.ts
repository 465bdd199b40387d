import type { AppReferences } from "#core/hub/index.ts";
import type { Desired } from "#engine/desired.ts";
import type { SourceAccess } from "#engine/open-source.ts";
import { resolveRevision } from "#engine/open-source.ts";
import { renderDesired as render } from "#engine/render-desired.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { CliPorts, Fetching } from "./ports.ts";
import type { Trace } from "./render/trace.ts";

export interface RenderRequest {
  readonly target: Cluster;
  /** By source, instead of the target revisions; an empty one leaves its source's. */
  readonly revisions: readonly string[];
  readonly ports: CliPorts;
  /** Hears what is read. */
  readonly trace?: Trace | undefined;
}

/** Undefined where nothing can be fetched; what the trace does not hear is nothing but which version there is. */
export function fetcherForOf(
  fetching: Fetching | undefined,
  trace: Trace | undefined,
): SourceAccess["fetcherFor"] {
  if (fetching === undefined) return undefined;
  return (options) => {
    const fetcher = fetching.fetcherFor(options);
    return trace?.ofFetcher(fetcher) ?? fetcher;
  };
}

/** What Git wants of an Application, rendered and placed as the controller does it. Throws `GIT_`, `CHART_` and `RENDER_` errors. */
export async function renderDesired(
  references: AppReferences,
  { target, revisions: asked, ports, trace }: RenderRequest,
): Promise<Desired> {
  const { signal } = ports;
  await using started = await ports.startGit();
  const git = trace?.ofGit(started) ?? started;
  await using renderer = await ports.startRenderer({ cache: trace === undefined });
  await using fetching = await ports.startFetching(references, git);
  const access = { git, fetcherFor: fetcherForOf(fetching, trace), maxAgeMs: 0, signal };
  const revisions: string[] = [];
  for (const [i, reference] of references.sources.entries())
    revisions.push(await resolveRevision(reference, asked[i] ?? "", access));
  const discovery = await target.discover(signal);
  const openDataKeys = await ports.startDataKeys();
  // Awaited here: what is disposed at the end of this function is needed until then.
  return await render(references, revisions, { ...access, renderer, openDataKeys, target, discovery });
}
