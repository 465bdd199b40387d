import type { Application, ApplicationSource } from "#core/app/index.ts";
import { MooringError, isMooringError } from "#core/errors/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { canonicalJson, jsonEqual, parseObjectKey } from "#core/object/index.ts";
import { excludesResource } from "#core/settings/index.ts";
import { setTracking } from "#core/tracking/index.ts";
import { detectTool } from "#engine/detect-tool.ts";
import type { Desired } from "#engine/desired.ts";
import { placeDesired } from "#engine/desired.ts";
import type { Discovery } from "#ports/cluster.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { RenderResult, Renderer } from "#ports/renderer.ts";
import type { Clock } from "#runtime/clock.ts";
import type { AppContext } from "./context.ts";
import type { AppState } from "./state.ts";

export interface SourceAdapters {
  readonly git: GitStore;
  readonly renderer: Renderer;
  readonly clock: Clock;
}

export interface RefreshRequest {
  /** How old an answer of the repository may be. */
  readonly maxAgeMs: number;
  readonly signal: AbortSignal;
}

export interface Refreshed {
  readonly desired: Desired;
  /** Why this is the last known revision and not the newest one; undefined when the repository answered. */
  readonly stale: string | undefined;
}

/** A repository that gave no answer is not asked again sooner: drift must not wait for it to time out. */
export const outageRetryMs = 30_000;

/** Failures of the network or of credentials, which leave what was rendered before valid. */
const outages = [
  "GIT_UNREACHABLE",
  "GIT_TIMEOUT",
  "GIT_AUTH",
  "GIT_NOT_FOUND",
  "GIT_UNTRUSTED",
  "GIT_FAILED",
] as const;

/**
 * What Git wants now. While the repository cannot be reached, the last known revision stands, so that drift is still seen and
 * undone. Throws the `GIT_` or `RENDER_` error when there is nothing to stand on.
 */
export async function refreshDesired(
  context: AppContext,
  state: AppState,
  { adapters, request }: { readonly adapters: SourceAdapters; readonly request: RefreshRequest },
): Promise<Refreshed> {
  const at = { state, adapters, signal: request.signal };
  const known = lastRevision(context.app, context.source, state);
  const failure = state.repositoryFailure;
  const sinceAskedMs = adapters.clock.now() - (failure?.askedMs ?? 0);
  if (failure !== undefined && known !== undefined && request.maxAgeMs > 0 && sinceAskedMs < outageRetryMs) {
    return { desired: await desiredAt(known, context, at), stale: failure.message };
  }
  try {
    // An answer from before the failure says nothing about whether the repository is back.
    const maxAgeMs = failure === undefined ? request.maxAgeMs : Math.min(request.maxAgeMs, sinceAskedMs);
    const commit = await resolveRevision(context, adapters, { ...request, maxAgeMs });
    state.repositoryFailure = undefined;
    return { desired: await desiredAt(commit, context, at), stale: undefined };
  } catch (error) {
    const outage = outages.some((code) => isMooringError(error, code));
    if (!outage || !isMooringError(error) || known === undefined) throw error;
    const askedMs = adapters.clock.now();
    const sinceMs = failure?.sinceMs ?? askedMs;
    state.repositoryFailure = { sinceMs, askedMs, message: error.message };
    return { desired: await desiredAt(known, context, at), stale: error.message };
  }
}

async function resolveRevision(
  { repository, source }: AppContext,
  { git }: SourceAdapters,
  request: RefreshRequest,
): Promise<string> {
  return (await git.resolve(repository, source.targetRevision ?? "", request)).commit;
}

function lastRevision(app: Application, source: ApplicationSource, state: AppState): string | undefined {
  const { sync } = app.status ?? {};
  if (state.desired !== undefined && jsonEqual(state.desired.source, source))
    return state.desired.desired.revision;
  const same = jsonEqual(sync?.comparedTo?.source ?? sync?.comparedTo?.sources?.[0], source);
  return same ? sync?.revision : undefined;
}

interface At {
  readonly state: AppState;
  readonly adapters: SourceAdapters;
  readonly signal: AbortSignal;
}

async function desiredAt(commit: string, context: AppContext, at: At): Promise<Desired> {
  const discovery = await context.live.cluster.discover(at.signal);
  const cacheKey = [commit, canonicalJson(context.source), discoveryId(discovery)].join("\n");
  if (at.state.desired?.cacheKey === cacheKey) return at.state.desired.desired;
  const desired = await renderDesired(commit, context, { ...at, discovery });
  at.state.desired = { cacheKey, source: context.source, desired };
  return desired;
}

/** Renders and places one commit; nothing is remembered. */
export async function renderDesired(
  commit: string,
  context: AppContext,
  at: { readonly adapters: SourceAdapters; readonly discovery: Discovery; readonly signal: AbortSignal },
): Promise<Desired> {
  const render = await renderAt(commit, context, at);
  return placeDesired(render, commit, {
    discovery: at.discovery,
    namespace: context.app.spec.destination.namespace ?? "",
    excludes: excludedBy(context),
    track: (object) => setTracking(object, context.tracking),
  });
}

function excludedBy({ settings, target }: AppContext): (key: ObjectKey) => boolean {
  return (key) => {
    const { group, kind } = parseObjectKey(key);
    return excludesResource(settings.resourceFilter, { group, kind, server: target.server });
  };
}

async function renderAt(
  commit: string,
  { repository, source }: AppContext,
  { adapters, signal }: { readonly adapters: SourceAdapters; readonly signal: AbortSignal },
): Promise<RenderResult> {
  const tree = await adapters.git.open(repository, commit, signal);
  const sourcePath = normalisePath(source.path ?? "");
  if (source.directory === undefined) await refuseOtherTools(tree, sourcePath, signal);
  return adapters.renderer.render({
    tree,
    repositoryUrl: repository.url,
    path: sourcePath,
    source: {
      tool: "directory",
      recurse: source.directory?.recurse ?? false,
      include: source.directory?.include ?? "",
      exclude: source.directory?.exclude ?? "",
    },
    signal,
  });
}

/** Applying the files of a chart or a kustomization as they stand would deploy templates and patches. */
async function refuseOtherTools(tree: SourceTree, path: string, signal: AbortSignal): Promise<void> {
  const tool = await detectTool(tree, path, signal);
  if (tool === "Directory") return;
  throw new MooringError(
    "RENDER_UNSUPPORTED",
    `path ${path === "" ? "." : path}: is a ${tool} source, and ${tool} is not supported yet; set spec.source.directory to deploy its files as they are`,
  );
}

/** `./a//b/` and `a/b` are the same directory. */
function normalisePath(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** Where and how an application's objects are placed and marked. */
export function scopeOf({ app, target, tracking, settings }: AppContext): string {
  return JSON.stringify([target.server, app.spec.destination.namespace, tracking, settings.resourceFilter]);
}

/** Forgets what was rendered and compared for another cluster, namespace or way of marking. */
export function enterScope(state: AppState, context: AppContext): void {
  const scope = scopeOf(context);
  if (state.scope === scope) return;
  state.scope = scope;
  state.desired = undefined;
  state.verdicts.clear();
}

const discoveryIds = new WeakMap<Discovery, number>();
let discoveries = 0;

/** Discovery answers are immutable and cached: the same object is the same answer. */
function discoveryId(discovery: Discovery): number {
  const known = discoveryIds.get(discovery);
  if (known !== undefined) return known;
  discoveries += 1;
  discoveryIds.set(discovery, discoveries);
  return discoveries;
}
