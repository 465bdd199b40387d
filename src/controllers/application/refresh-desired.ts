import { createHash } from "node:crypto";
import type { ApplicationSource } from "#core/app/index.ts";
import { joinRevisions, revisionsOf } from "#core/app/index.ts";
import type { MooringError } from "#core/errors/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { canonicalJson, jsonEqual } from "#core/object/index.ts";
import type { Desired } from "#engine/desired.ts";
import type { FetchOptions, FetchPolicy, SourceReach } from "#engine/open-source.ts";
import { resolveRevision } from "#engine/open-source.ts";
import { renderDesired } from "#engine/render-desired.ts";
import { integrityPoliciesOf } from "#engine/require-signatures.ts";
import { fetcherForPolicy } from "#engine/source-fetcher.ts";
import type { Discovery } from "#ports/cluster.ts";
import type { OpenDataKeys } from "#ports/data-keys.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { Renderer } from "#ports/renderer.ts";
import type { Registry } from "#ports/registry.ts";
import type { Clock } from "#runtime/clock.ts";
import { msSince } from "#runtime/clock.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { AppState } from "./state.ts";

export interface SourceAdapters {
  readonly git: GitStore;
  readonly renderer: Renderer;
  readonly registry: Registry;
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
  const at = { state, adapters, request };
  const known = lastRevisions(context, state);
  const failure = state.repositoryFailure;
  const sinceAskedMs = msSince(adapters.clock, failure?.askedMs ?? 0);
  if (failure !== undefined && known !== undefined && request.maxAgeMs > 0 && sinceAskedMs < outageRetryMs) {
    return { desired: await desiredAt(known, context, at), stale: failure.message };
  }
  try {
    // An answer from before the failure says nothing about whether the repository is back.
    const maxAgeMs = failure === undefined ? request.maxAgeMs : Math.min(request.maxAgeMs, sinceAskedMs);
    const revisions = await resolveRevisions(context, adapters, { ...request, maxAgeMs });
    state.repositoryFailure = undefined;
    const seenMs = adapters.clock.now();
    const desired = await desiredAt(revisions, context, at);
    const revision = joinRevisions(revisions);
    if (state.arrival?.revision !== revision) {
      state.arrival = { revision, seenMs, renderedMs: adapters.clock.now() };
    }
    return { desired, stale: undefined };
  } catch (error) {
    if (!isMooringError(error) || !isOutage(error) || known === undefined) throw error;
    const askedMs = adapters.clock.now();
    const sinceMs = failure?.sinceMs ?? askedMs;
    state.repositoryFailure = { sinceMs, askedMs, message: error.message };
    return { desired: await desiredAt(known, context, at), stale: error.message };
  }
}

/**
 * What Git wanted when the application was last compared with it; undefined when it never was. Throws the `GIT_` or `RENDER_` error when
 * that cannot be rendered again.
 */
export async function lastDesired(
  context: AppContext,
  state: AppState,
  { adapters, request }: { readonly adapters: SourceAdapters; readonly request: RefreshRequest },
): Promise<Desired | undefined> {
  const known = lastRevisions(context, state);
  return known === undefined ? undefined : desiredAt(known, context, { state, adapters, request });
}

function isOutage(error: MooringError): boolean {
  const ofRegistry = error.code.startsWith("CHART_") && error.retry === "backoff";
  return ofRegistry || outages.some((code) => isMooringError(error, code));
}

/** The revision of each source, one after the other: the first repository that gives no answer decides. */
async function resolveRevisions(
  context: AppContext,
  adapters: SourceAdapters,
  request: RefreshRequest,
): Promise<readonly string[]> {
  const access = accessFor(context, adapters, request);
  const revisions: string[] = [];
  for (const reference of context.sources) revisions.push(await resolveRevision(reference, "", access));
  return revisions;
}

/** What was last compared with, if it was these sources. */
function lastRevisions({ app, sources }: AppContext, state: AppState): readonly string[] | undefined {
  const { sync } = app.status ?? {};
  const wanted = sources.map(({ source }) => source);
  if (state.desired !== undefined && isSame(state.desired.sources, wanted))
    return state.desired.desired.revisions;
  const { source, sources: listed = [] } = sync?.comparedTo ?? {};
  const compared = listed.length > 0 ? listed : source === undefined ? [] : [source];
  const revisions = sync === undefined ? [] : revisionsOf(sync);
  return isSame(compared, wanted) && revisions.length === wanted.length ? revisions : undefined;
}

function isSame(a: readonly ApplicationSource[], b: readonly ApplicationSource[]): boolean {
  return jsonEqual(a as JsonValue, b as JsonValue);
}

/** How an application's sources are reached: with the credentials, and within the permissions, of its project. */
export function accessFor(
  policy: FetchPolicy,
  adapters: SourceAdapters,
  request: RefreshRequest,
): SourceReach {
  const { git, registry } = adapters;
  const fetcherFor = (options: FetchOptions) => fetcherForPolicy(policy, { git, registry, ...options });
  return { ...request, git, fetcherFor };
}

interface At {
  readonly state: AppState;
  readonly adapters: SourceAdapters;
  readonly request: RefreshRequest;
  /** Where it is remembered; `desired` unless told. */
  readonly slot?: "desired" | "heldDesired";
}

/** What the sources render to at their revisions, as it was remembered or anew. Throws `GIT_`, `CHART_` and `RENDER_` errors. */
export async function desiredAt(
  revisions: readonly string[],
  context: AppContext,
  { state, adapters, request, slot = "desired" }: At,
): Promise<Desired> {
  const target = context.live.cluster;
  const discovery = await target.discover(request.signal);
  const sources = context.sources.map(({ source }) => source);
  const { project, settings } = context;
  const cacheKey = canonicalJson([
    revisions,
    sources as JsonValue,
    project.metadata.name,
    settings.source as unknown as JsonValue,
    discoveryId(discovery),
    await adapters.openDataKeys(context.privateKeys).identity(),
    digestOf(context.substitution),
    digestOfPolicies(context),
  ]);
  const known = state[slot];
  if (known?.cacheKey === cacheKey) return known.desired;
  const access = accessFor(context, adapters, request);
  const { renderer, openDataKeys } = adapters;
  const desired = await renderDesired(context, revisions, {
    ...access,
    renderer,
    openDataKeys,
    target,
    discovery,
  });
  state[slot] = { cacheKey, sources, desired };
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

/** Of what signatures are asked for; empty when none are. */
function digestOfPolicies(context: AppContext): string {
  const policies = integrityPoliciesOf(context).filter((policy) => policy !== undefined);
  if (policies.length === 0) return "";
  return createHash("sha256").update(JSON.stringify(policies)).digest("hex");
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
  forgetCompared(state);
}

/** Forgets what was rendered and compared. */
export function forgetCompared(state: AppState): void {
  state.desired = undefined;
  state.heldDesired = undefined;
  state.holdCheck = undefined;
  state.verdicts.clear();
  state.heldVerdicts.clear();
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
