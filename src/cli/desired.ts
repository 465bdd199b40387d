import type { AppReferences } from "#core/hub/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { redactSecrets } from "#core/redact/index.ts";
import type { Desired } from "#engine/desired.ts";
import type { FetchPolicy, SourceReach } from "#engine/open-source.ts";
import { resolveRevision } from "#engine/open-source.ts";
import { renderDesired as render } from "#engine/render-desired.ts";
import { fetcherForPolicy } from "#engine/source-fetcher.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { Registry } from "#ports/registry.ts";
import type { CliPorts } from "./ports.ts";
import type { Trace } from "./render/trace.ts";

export interface RenderRequest {
  readonly target: Cluster;
  /** By source, instead of the target revisions; an empty one leaves its source's. */
  readonly revisions: readonly string[];
  readonly ports: CliPorts;
  /** Hears what is read. */
  readonly trace?: Trace | undefined;
}

interface FetchSources {
  readonly git: GitStore;
  readonly registry: Registry;
  readonly trace?: Trace | undefined;
}

/** What brings charts, artifacts and what sources refer to elsewhere. */
export function fetchersFor(
  policy: FetchPolicy,
  { git, registry, trace }: FetchSources,
): SourceReach["fetcherFor"] {
  return (options) => {
    const fetcher = fetcherForPolicy(policy, { git, registry, ...options });
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
  await using registry = await ports.startRegistry();
  const access = { git, fetcherFor: fetchersFor(references, { git, registry, trace }), maxAgeMs: 0, signal };
  const revisions: string[] = [];
  for (const [i, reference] of references.sources.entries())
    revisions.push(await resolveRevision(reference, asked[i] ?? "", access));
  const discovery = await target.discover(signal);
  const openDataKeys = await ports.startDataKeys();
  // Awaited here: what is disposed at the end of this function is needed until then.
  return await render(references, revisions, { ...access, renderer, openDataKeys, target, discovery });
}

/** The objects as they may be shown: values of Secrets, and values that are encrypted in Git, are replaced by hashes. */
export function redactedObjects(
  { objects }: Desired,
  hash: (value: string) => string,
): readonly KubeObject[] {
  return objects.map((object) =>
    redactSecrets(object.read(), { hash, secretPaths: object.secretPaths ?? [] }),
  );
}
