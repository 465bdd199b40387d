import type { AppReferences } from "#core/hub/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { redactSecrets } from "#core/redact/index.ts";
import { withSources } from "#engine/app-context.ts";
import type { Desired } from "#engine/desired.ts";
import type { FetchPolicy, SourceReach } from "#engine/open-source.ts";
import { resolveRevision } from "#engine/open-source.ts";
import { renderDesired as render } from "#engine/render-desired.ts";
import { fetcherForPolicy } from "#engine/source-fetcher.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { Registry } from "#ports/registry.ts";
import type { CliPorts, LocalDirectory } from "./ports.ts";
import type { Trace } from "./render/trace.ts";
import { usageError } from "./usage-error.ts";

export interface RenderRequest {
  readonly target: Cluster;
  /** By source, instead of the target revisions; an empty one leaves its source's. */
  readonly revisions: readonly string[];
  readonly ports: CliPorts;
  /** Files in place of those of the only source. */
  readonly local?: LocalDirectory | undefined;
  /** Hears what is read. */
  readonly trace?: Trace | undefined;
  /** What the randomness of templates is derived from. */
  readonly seedSecret?: string | undefined;
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

/** The application as if its source were a directory of this machine. Throws CLI_USAGE for one of several sources. */
function withLocal(references: AppReferences, { path }: LocalDirectory): AppReferences {
  const { app, sources } = references;
  const [only] = sources;
  if (only === undefined || sources.length > 1) {
    throw usageError(
      `flag --local: ${app.metadata.name} has ${sources.length} sources, and one directory cannot stand for them; commit the change instead`,
    );
  }
  const { chart: _chart, ...source } = only.source;
  return withSources(references, [{ ...source, path: path === "" ? "." : path }]);
}

/** By source; what is not in Git goes by the revision that Git is asked for. */
async function revisionsOf(
  { sources }: AppReferences,
  { revisions: asked, local }: RenderRequest,
  access: SourceReach,
): Promise<readonly string[]> {
  if (local !== undefined) return sources.map(({ source }) => source.targetRevision ?? "");
  const revisions: string[] = [];
  for (const [i, reference] of sources.entries())
    revisions.push(await resolveRevision(reference, asked[i] ?? "", access));
  return revisions;
}

/** What Git wants of an Application, or what the given files want in its place, rendered and placed as the controller does it. Throws `GIT_`, `CHART_` and `RENDER_` errors. */
export async function renderDesired(application: AppReferences, request: RenderRequest): Promise<Desired> {
  const { target, ports, local, trace, seedSecret } = request;
  const { signal } = ports;
  const references = local === undefined ? application : withLocal(application, local);
  await using started = await ports.startGit();
  const git = trace?.ofGit(started) ?? started;
  await using renderer = await ports.startRenderer({ cache: trace === undefined, seedSecret });
  await using registry = await ports.startRegistry();
  const access = { git, fetcherFor: fetchersFor(references, { git, registry, trace }), maxAgeMs: 0, signal };
  const revisions = await revisionsOf(references, request, access);
  const discovery = await target.discover(signal);
  const openDataKeys = await ports.startDataKeys();
  // Awaited here: what is disposed at the end of this function is needed until then.
  return await render(references, revisions, {
    ...access,
    renderer,
    openDataKeys,
    target,
    discovery,
    asked: request.revisions,
    local: local?.tree,
  });
}

/** The objects as they may be shown: values of Secrets, of sensitive annotations and what is encrypted in Git are replaced by hashes. */
export function redactedObjects(
  { objects }: Desired,
  { settings: { sensitiveAnnotations } }: Pick<AppReferences, "settings">,
  hash: (value: string) => string,
): readonly KubeObject[] {
  return objects.map((object) =>
    redactSecrets(object.read(), { hash, sensitiveAnnotations, secretPaths: object.secretPaths ?? [] }),
  );
}
