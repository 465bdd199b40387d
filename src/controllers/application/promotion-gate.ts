import type { Application, ApplicationSource, FoundCondition } from "#core/app/index.ts";
import {
  formatAppKey,
  isAutomated,
  isLocalSync,
  joinRevisions,
  operationSourcesOf,
  revisionsOf,
} from "#core/app/index.ts";
import type { SourceReference } from "#core/hub/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { canonicalJson, jsonEqual } from "#core/object/index.ts";
import type { Promotion } from "#core/promotion/index.ts";
import type { ContentMatch, StageClaim, SyncContent, SyncVerdict } from "#core/promotion/sync-gate.ts";
import {
  isGatedStage,
  isLetThrough,
  judgeBefore,
  judgeContent,
  stageStatusOf,
} from "#core/promotion/sync-gate.ts";
import { repositoryKey } from "#core/webhook/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import { withSources } from "#engine/app-context.ts";
import type { Desired } from "#engine/desired.ts";
import { renderedDigest } from "#engine/promotion/rendered-digest.ts";
import { stageSources } from "#engine/promotion/stage-sources.ts";
import { renderDesired } from "#engine/render-desired.ts";
import { formatTime } from "#runtime/clock.ts";
import type { ApplicationDeps } from "./deps.ts";
import { entrySources, messageOfKnown } from "./held.ts";
import type { Look } from "./look.ts";
import { accessFor } from "./refresh-desired.ts";
import { isRollback } from "./rollback-operation.ts";
import type { Attempt, OperationRun } from "./run-operation.ts";
import type { AppState } from "./state.ts";

/** So many promotions of a stage are compared by content with what is to be synced, the newest first. */
const comparedPromotions = 50;
const maxContents = 200;

export type UnpromotedSync = Exclude<SyncVerdict, { readonly may: true }>;

type GateDeps = Pick<ApplicationDeps, "adapters" | "planHash" | "stages">;

interface Asked {
  /** With the sources that are to be deployed. */
  readonly context: AppContext;
  readonly desired: Desired;
  readonly deps: GateDeps;
  readonly isReturn: boolean;
  readonly isLocal: boolean;
  readonly isBegun: boolean;
  readonly state: AppState;
  readonly signal: AbortSignal;
}

/** Why an automated sync to what this look found may not begin, if one were due; undefined when it may. */
export async function reviewPromotion(
  look: Look,
  state: AppState,
  { deps, signal }: { readonly deps: GateDeps; readonly signal: AbortSignal },
): Promise<UnpromotedSync | undefined> {
  const { context, held } = look;
  const { desired } = held ?? look;
  if (context === undefined || desired === undefined || claimsOf(context, deps).length === 0)
    return undefined;
  // Nothing begins by itself now, and what people start is judged when it has rendered.
  if (state.running !== undefined || (held === undefined && !isAutomated(context.app))) return undefined;
  const at = held === undefined ? context : withSources(context, held.sources);
  const isReturn = held !== undefined && held.hold.state !== "failed";
  const asked = { context: at, desired, deps, isReturn, isLocal: false, isBegun: false, state, signal };
  try {
    const verdict = await judge(asked);
    return verdict.may ? undefined : verdict;
  } catch (error) {
    return { may: false, message: `it cannot be told whether it was promoted: ${messageOfKnown(error)}` };
  }
}

/** The condition that says so. */
export function promotionCondition({ key }: AppContext, message: string): FoundCondition {
  return { type: "PromotionRequired", message: `${formatAppKey(key)}: ${message}` };
}

/** The end of an attempt that would deploy what no promotion let through to the stage that the Application is in. */
export async function refuseByPromotion(
  run: OperationRun,
  desired: Desired,
  signal: AbortSignal,
): Promise<Attempt | undefined> {
  const { context, running, deps } = run;
  const { operation } = running;
  if (operation.sync?.dryRun === true || claimsOf(context, deps).length === 0) return undefined;
  const verdict = await judge({
    context: withSources(context, operationSourcesOf(context.app, operation)),
    desired,
    deps,
    isReturn: isRollback(operation),
    isLocal: isLocalSync(operation),
    // A retry that takes the newest revision begins something else.
    isBegun: run.resumed || (run.retryCount > 0 && !run.refresh),
    state: run.state,
    signal,
  });
  if (verdict.may) return undefined;
  return {
    phase: "Failed",
    message: verdict.message,
    final: true,
    plan: undefined,
    syncResult: running.progress.syncResult,
    // What nobody let through says nothing of itself.
    blamesRevision: false,
  };
}

function claimsOf(
  { key, app }: AppContext,
  { stages }: Pick<ApplicationDeps, "stages">,
): readonly StageClaim[] {
  return stages.claimsOf(key, app.spec.project);
}

async function judge(asked: Asked): Promise<SyncVerdict> {
  const verdict = await judgePromoted(asked);
  return verdict.may || !(await rendersAsDeployed(asked)) ? verdict : { may: true };
}

async function judgePromoted(asked: Asked): Promise<SyncVerdict> {
  const { context, deps, desired } = asked;
  const claims = claimsOf(context, deps);
  const content = contentOf(asked, claims);
  const before = judgeBefore(claims, content);
  if (before !== undefined) return before;
  const [claim] = claims;
  if (claim === undefined) return { may: true };
  const match = await matchOf(claim, asked);
  const rendered = () =>
    desired.objects.map((object) => ({ object: object.read(), secretPaths: object.secretPaths }));
  return judgeContent(claim, content, {
    match,
    digest: () => renderedDigest(rendered(), deps.planHash),
  });
}

function contentOf(asked: Asked, claims: readonly StageClaim[]): SyncContent {
  const { context, desired, deps, isReturn, isLocal, isBegun } = asked;
  const [claim] = claims;
  const isKnown = (entries: Application["status"]) =>
    (entries?.history ?? []).some((entry) => isSame(context, desired, entry));
  const { status } = context.app;
  const last = status?.history?.at(-1);
  return {
    application: context.key,
    commits: claim === undefined ? [] : placesIn(claim, asked).map(({ commit }) => commit),
    isDeployed: !isLocal && last !== undefined && isSame(context, desired, last),
    isReturn: isReturn && isKnown(status),
    isLocal,
    isBegun,
    nowMs: deps.adapters.clock.now(),
    formatTime,
  };
}

type Entry = NonNullable<NonNullable<Application["status"]>["history"]>[number];

function isSame({ app, sources }: AppContext, { revision }: Desired, entry: Entry): boolean {
  return joinRevisions(revisionsOf(entry)) === revision && isOfSources({ app, sources }, entry);
}

function isOfSources({ app, sources }: Pick<AppContext, "app" | "sources">, entry: Entry): boolean {
  const wanted: readonly ApplicationSource[] = sources.map(({ source }) => source);
  return jsonEqual(entrySources(app, entry) as JsonValue, wanted as JsonValue);
}

/** A commit to another place of the repository changes nothing that is deployed, and must not keep drift from being undone. */
async function rendersAsDeployed(asked: Asked): Promise<boolean> {
  const { context, desired, deps, isLocal, state, signal } = asked;
  const last = context.app.status?.history?.at(-1);
  if (last === undefined || isLocal || !isOfSources(context, last)) return false;
  const of = canonicalJson([revisionsOf(last), desired.revision, desired.renderDigest]);
  if (state.deployedCheck?.of === of) return state.deployedCheck.isSame;
  const { adapters } = deps;
  const { renderer, openDataKeys } = adapters;
  const target = context.live.cluster;
  const discovery = await target.discover(signal);
  const access = accessFor(context, adapters, { maxAgeMs: Number.POSITIVE_INFINITY, signal });
  const rendering = { ...access, renderer, openDataKeys, target, discovery };
  try {
    const before = await renderDesired(context, revisionsOf(last), rendering);
    state.deployedCheck = { of, isSame: before.renderDigest === desired.renderDigest };
  } catch (error) {
    messageOfKnown(error);
    state.deployedCheck = { of, isSame: false };
  }
  return state.deployedCheck.isSame;
}

interface Place {
  readonly commit: string;
  readonly access: Extract<SourceReference, { readonly kind: "git" }>["access"];
}

/**
 * Where the stage's content comes from: the sources that follow its branch, or all that are in its repository where none does. What other branches bring
 * is in the digest.
 */
function placesIn({ stage }: StageClaim, { context, desired }: Asked): readonly Place[] {
  const wanted = repositoryKey(stage.repoUrl);
  const following = stageSources(context.app, stage);
  return context.sources.flatMap((source, i) => {
    const commit = desired.revisions[i];
    if (following.length > 0 && !following.includes(i)) return [];
    if (source.kind !== "git" || commit === undefined || repositoryKey(source.url) !== wanted) return [];
    return [{ commit, access: source.access }];
  });
}

/** The promotions that the content is of: by its commit, and where that is none's by what is in the stage's folder. */
async function matchOf(claim: StageClaim, asked: Asked): Promise<ContentMatch> {
  const places = placesIn(claim, asked);
  const isOf = ({ status }: Promotion) =>
    places.length > 0 && places.every(({ commit }) => commit === status.commit);
  const byCommit = claim.promotions.filter((promotion) => isOf(promotion));
  const [place] = places;
  const isSettled = byCommit.some((promotion) => isLetThrough(promotion)) || !isGatedStage(claim.stage);
  if (isSettled || place === undefined) return { promotions: byCommit, isBaseline: false };
  const contents = await Promise.all(places.map((one) => contentAt(claim, one, asked)));
  const [content] = contents;
  if (content === undefined || contents.some((one) => one !== content))
    return { promotions: byCommit, isBaseline: false };
  const candidates = claim.promotions
    .filter((promotion) => isLetThrough(promotion) && promotion.status.commit !== undefined)
    .toSorted((a, b) => Number(a.createdAt < b.createdAt) - Number(a.createdAt > b.createdAt))
    .slice(0, comparedPromotions);
  const byContent: Promotion[] = [];
  for (const promotion of candidates) {
    const at = { ...place, commit: promotion.status.commit ?? "" };
    if ((await pastContentAt(claim, at, asked)) === content) byContent.push(promotion);
  }
  const known = stageStatusOf(claim);
  const isBaseline = known?.content === content && (known.promotion ?? "") === "";
  return { promotions: byContent.length > 0 ? byContent : byCommit, isBaseline };
}

/** The same of a commit that may be gone from its repository by now: nothing is like it then. */
async function pastContentAt(claim: StageClaim, place: Place, asked: Asked): Promise<string | undefined> {
  try {
    return await contentAt(claim, place, asked);
  } catch (error) {
    messageOfKnown(error);
    return undefined;
  }
}

/** The object id of the stage's folder at a commit; undefined where it has none. Throws `GIT_` errors when that cannot be read. */
async function contentAt(
  { stage }: StageClaim,
  { access, commit }: Place,
  { deps, state, signal }: Asked,
): Promise<string | undefined> {
  const { contents } = state;
  const at = `${access.url} ${commit} ${stage.path}`;
  const known = contents.get(at);
  if (known !== undefined) return known;
  const tree = await deps.adapters.git.open(access, commit, signal);
  const content = (await tree.stat(stage.path, signal))?.oid;
  if (contents.size >= maxContents) contents.clear();
  if (content !== undefined) contents.set(at, content);
  return content;
}
