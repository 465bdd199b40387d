import { createHash } from "node:crypto";
import type { Application, ApplicationSource, RevisionHistory } from "#core/app/index.ts";
import {
  formatRevisions,
  hasSources,
  inventoryOf,
  joinRevisions,
  revisionsOf,
  sourcesOf,
} from "#core/app/index.ts";
import { isAbortError, isMooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { canonicalJson } from "#core/object/index.ts";
import type { RollbackHold } from "#core/rollback/index.ts";
import { entryOf } from "#core/rollback/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import { withSources } from "#engine/app-context.ts";
import type { ComparedObject } from "#engine/compare.ts";
import { compareApp } from "#engine/compare.ts";
import { comparisonRulesOf } from "#engine/comparison-rules.ts";
import type { Desired } from "#engine/desired.ts";
import { renderDesired } from "#engine/render-desired.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { RefreshRequest } from "./refresh-desired.ts";
import { accessFor, desiredAt } from "./refresh-desired.ts";
import type { AppState } from "./state.ts";

/** What an application is kept to while a hold stands, and how what lives differs from that. */
export interface HeldLook {
  readonly hold: RollbackHold;
  readonly sources: readonly ApplicationSource[];
  /** It was deployed as a list of sources, be it of one. */
  readonly isList: boolean;
  readonly desired: Desired | undefined;
  readonly compared: readonly ComparedObject[] | undefined;
  /** Why it cannot be kept to it. */
  readonly problem: string | undefined;
}

/** Of what Git wants now. */
interface Head {
  /** Undefined when it cannot be rendered. */
  readonly desired: Desired | undefined;
  readonly stale: boolean;
}

export interface HeldRequest {
  readonly hold: RollbackHold;
  readonly head: Head;
  readonly state: AppState;
  readonly deps: ApplicationDeps;
  readonly request: RefreshRequest;
}

/** The name under which objects of what an application is kept to are claimed. */
export function heldClaimant({ instance }: Pick<AppContext, "instance">): string {
  return `${instance}#held`;
}

export function sourcesDigest(sources: readonly ApplicationSource[]): string {
  return createHash("sha256")
    .update(canonicalJson(sources as JsonValue))
    .digest("hex");
}

/**
 * Compares what lives with what a hold keeps to. Undefined when the hold has served: Git wants something else now than what failed. What
 * cannot be rendered is no better, so that the hold stands as long as nobody can tell.
 */
export async function lookAtHeld(context: AppContext, held: HeldRequest): Promise<HeldLook | undefined> {
  const { hold, state, request } = held;
  if (!(await stands(context, held))) return undefined;
  const entry = entryOf(context.app.status?.history, hold.to);
  if (entry === undefined) {
    const problem = `the history has no entry ${hold.to.id} of ${formatRevisions(hold.to.revisions)} any more`;
    return { hold, sources: [], isList: false, desired: undefined, compared: undefined, problem };
  }
  const sources = entrySources(context.app, entry);
  const isList = entry.source === undefined && (entry.sources !== undefined || hasSources(context.app));
  try {
    const { adapters } = held.deps;
    const kept = withSources(context, sources);
    const desired = await desiredAt(revisionsOf(entry), kept, {
      state,
      adapters,
      request,
      slot: "heldDesired",
    });
    const compared = await compareHeld(kept, desired, held);
    return { hold, sources, isList, desired, compared, problem: undefined };
  } catch (error) {
    return { hold, sources, isList, desired: undefined, compared: undefined, problem: messageOfKnown(error) };
  }
}

/** The message of a failure that somebody can do something about; throws others. */
export function messageOfKnown(error: unknown): string {
  const passes = isAbortError(error) || !isMooringError(error) || error.retry === "bug";
  if (passes || error.code.startsWith("KUBE_")) throw error;
  return error.message;
}

/** What an entry of the history was deployed from. */
export function entrySources(app: Application, entry: RevisionHistory): readonly ApplicationSource[] {
  const { source, sources = [] } = entry;
  if (sources.length > 0) return sources;
  return source === undefined ? sourcesOf(app) : [source];
}

async function stands(context: AppContext, held: HeldRequest): Promise<boolean> {
  const { hold, head } = held;
  if (hold.sources !== sourcesDigest(context.sources.map(({ source }) => source))) return false;
  const { desired } = head;
  if (desired === undefined || head.stale) return true;
  const failed = hold.head ?? hold.revisions;
  if (desired.revision === joinRevisions(failed)) return true;
  return rendersTheSame(context, desired, { ...held, failed });
}

/** A commit to another place of a repository changes nothing that is deployed. */
async function rendersTheSame(
  context: AppContext,
  { revision, renderDigest }: Desired,
  { failed, state, deps, request }: HeldRequest & { readonly failed: readonly string[] },
): Promise<boolean> {
  const of = canonicalJson([failed, revision, renderDigest]);
  if (state.holdCheck?.of === of) return state.holdCheck.isSame;
  const { adapters } = deps;
  const target = context.live.cluster;
  const access = accessFor(context, adapters, request);
  const discovery = await target.discover(request.signal);
  try {
    const { renderer, openDataKeys } = adapters;
    const before = await renderDesired(context, failed, {
      ...access,
      renderer,
      openDataKeys,
      target,
      discovery,
    });
    state.holdCheck = { of, isSame: before.renderDigest === renderDigest };
  } catch (error) {
    messageOfKnown(error);
    // Nobody can tell now.
    if (isMooringError(error) && error.retry !== "never") return true;
    // What failed is nothing that could be rendered, and this is.
    state.holdCheck = { of, isSame: false };
  }
  return state.holdCheck.isSame;
}

function compareHeld(
  context: AppContext,
  desired: Desired,
  { state, deps, request }: HeldRequest,
): Promise<readonly ComparedObject[]> {
  return compareApp({
    claimant: heldClaimant(context),
    desired,
    inventory: inventoryOf(context.app),
    live: context.live,
    tracking: context.tracking,
    secretHash: deps.secretHash,
    verdicts: state.heldVerdicts,
    rules: comparisonRulesOf({ ...context, scripts: deps.scripts }),
    health: deps.healthChecks.judgeBy(context.settings.healthScripts, context.instance),
    signal: request.signal,
  });
}
