import { createHash } from "node:crypto";
import type { Application, ApplicationSource } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import { canonicalJson, jsonEqual } from "#core/object/index.ts";
import type { Desired } from "#engine/desired.ts";
import { renderDesired } from "#engine/render-desired.ts";
import type { Discovery } from "#ports/cluster.ts";
import type { OpenDataKeys } from "#ports/data-keys.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { Renderer } from "#ports/renderer.ts";
import type { Clock } from "#runtime/clock.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { AppState } from "./state.ts";

export interface SourceAdapters {
  readonly git: GitStore;
  readonly renderer: Renderer;
  readonly openDataKeys: OpenDataKeys;
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
  const keys = await at.adapters.openDataKeys(context.privateKeys).identity();
  const variables = digestOf(context.substitution);
  const cacheKey = [commit, canonicalJson(context.source), discoveryId(discovery), keys, variables].join(
    "\n",
  );
  if (at.state.desired?.cacheKey === cacheKey) return at.state.desired.desired;
  const desired = await renderDesired(context, commit, { ...at.adapters, discovery, signal: at.signal });
  at.state.desired = { cacheKey, source: context.source, desired };
  return desired;
}

/** Of variables, some of which are secret. */
function digestOf(substitution: AppContext["substitution"]): string {
  if (substitution === undefined) return "";
  const { variables, strict } = substitution;
  return createHash("sha256")
    .update(JSON.stringify([[...variables], strict]))
    .digest("hex");
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
