import type { Drift } from "#core/compare/index.ts";
import type { Health } from "#core/health/index.ts";
import { assessHealth, ignoresHealth, isApplicationItself } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import type { Summary } from "#core/summary/index.ts";
import { summarize } from "#core/summary/index.ts";
import type { SetTrackingOptions } from "#core/tracking/index.ts";
import {
  otherOwnerOf,
  trackingOf,
  viewCompareOptions,
  viewHooks,
  viewSyncOptions,
  viewSyncWave,
} from "#core/tracking/index.ts";
import type { LiveStore } from "#ports/live-store.ts";
import { mapLimit } from "#runtime/limit.ts";
import { checkExpressions } from "./ignored-fields.ts";
import type { ComparisonRules } from "./comparison-rules.ts";
import type { Desired, DesiredObject } from "./desired.ts";
import type { Judged } from "./judge.ts";
import { judge } from "./judge.ts";
import { judgeByScripts } from "./judge-by-scripts.ts";
import type { HealthJudge } from "./scripted-health.ts";
import { findUnreachable } from "./unreachable.ts";

/** What is known of one object of an application: what Git wants, what lives, and how the two differ. */
export interface ComparedObject {
  readonly key: ObjectKey;
  readonly apiVersion: string;
  /** Undefined for an object that left Git and still lives. */
  readonly desired: DesiredObject | undefined;
  readonly liveVersion: string | undefined;
  readonly sync: "Synced" | "OutOfSync";
  readonly drift: readonly Drift[];
  /** What a sync would change although the difference is ignored. */
  readonly ignored: readonly Drift[];
  readonly needsApply: boolean;
  readonly health: Health | undefined;
  readonly ignoreHealth: boolean;
  readonly trackedByUs: boolean;
  /** The other application whose tracking id the live object carries. */
  readonly owner: string | undefined;
  readonly hook: boolean;
  readonly wave: number;
  readonly needsDeletionConfirmation: boolean;
  /** It left Git and asks not to count for that: compare option IgnoreExtraneous. */
  readonly ignoreExtraneous: boolean;
  readonly summary: Summary;
  /** What the API server said to the predicted change, when it would refuse it; or why the object cannot be reached. */
  readonly refused: string | undefined;
  /** Nobody can tell whether it exists: it is neither applied nor pruned. */
  readonly unreachable: boolean;
}

export interface CompareRequest {
  /** Under which the live objects are claimed. */
  readonly claimant: string;
  readonly desired: Desired;
  /**
   * Keys that the application applied before: the only objects, besides the desired ones, that are looked at. That an object carries
   * the application's mark is not enough to make it ours: a label may be anybody's, and so may the mark of another installation.
   */
  readonly inventory: Iterable<ObjectKey>;
  readonly live: LiveStore;
  readonly tracking: SetTrackingOptions;
  /** Keyed hash under which secret values are shown in predictions. */
  readonly secretHash: (value: string) => string;
  /** Verdicts of the last comparison; an object whose desired digest and live version are unchanged is not looked at again. */
  readonly verdicts: VerdictCache;
  /** What is ignored, and how the rest is compared. */
  readonly rules: ComparisonRules;
  readonly health: HealthJudge;
  readonly signal: AbortSignal;
}

interface Verdict {
  /** Digest of what is desired, whether the cluster serves its kind, and by which rules it was compared. */
  readonly digest: string | undefined;
  readonly liveVersion: string | undefined;
  readonly compared: ComparedObject;
}

export type VerdictCache = Map<ObjectKey, Verdict>;

const confirmConcurrency = 8;
const nothing: Summary = { images: [], externalURLs: [] };

/**
 * Compares everything an application wants or has. Only a predicted difference costs an API request. Throws CONFIG_INVALID for a jq
 * expression that does not run: without it, what the user wants ignored would count as drift and be undone.
 */
export async function compareApp(request: CompareRequest): Promise<readonly ComparedObject[]> {
  const { desired, live, claimant, verdicts, signal } = request;
  const wanted = new Map(desired.objects.map((object) => [object.key, object]));
  const keys = new Set<ObjectKey>([...wanted.keys(), ...request.inventory]);
  const claimed = await live.claim(claimant, keys, signal);
  const unreachable = await findUnreachable(claimed, live, signal);
  const outside = new Set(claimed.excluded);
  await checkExpressions(request.rules.ignored.ownExpressions, { ...request.rules, signal });
  for (const key of verdicts.keys()) if (!keys.has(key)) verdicts.delete(key);
  const compared = await mapLimit([...keys], confirmConcurrency, async (key) => {
    const reason = unreachable.get(key);
    // The plan refuses kinds that are not served; what left Git outside of what the cluster is restricted to is given up.
    const counts = reason !== undefined && wanted.has(key) === outside.has(key);
    return counts
      ? compareUnreachable(key, wanted.get(key), reason)
      : verdictOf(key, wanted.get(key), request);
  });
  return judgeByScripts(
    compared.filter((object) => object !== undefined),
    { ...request, readLive: (object) => liveOf(object, request) },
  );
}

function liveOf({ key, desired }: ComparedObject, request: CompareRequest): Promise<KubeObject | undefined> {
  return desired === undefined ? Promise.resolve(request.live.get(key)) : liveInVersion(desired, request);
}

function compareUnreachable(
  key: ObjectKey,
  wanted: DesiredObject | undefined,
  reason: string,
): ComparedObject {
  const desired = wanted?.read();
  return {
    key,
    apiVersion: wanted?.apiVersion ?? "",
    desired: wanted,
    liveVersion: undefined,
    sync: "OutOfSync",
    drift: [],
    ignored: [],
    needsApply: false,
    health: undefined,
    trackedByUs: false,
    owner: undefined,
    hook: desired !== undefined && viewHooks(desired).isHook,
    wave: desired === undefined ? 0 : viewSyncWave(desired),
    ignoreHealth: false,
    needsDeletionConfirmation: false,
    ignoreExtraneous: false,
    summary: nothing,
    refused: wanted === undefined ? reason : `${reason}, or remove it from Git`,
    unreachable: true,
  };
}

async function verdictOf(
  key: ObjectKey,
  desired: DesiredObject | undefined,
  request: CompareRequest,
): Promise<ComparedObject | undefined> {
  const liveVersion = request.live.resourceVersionOf(key);
  if (desired === undefined && liveVersion === undefined) {
    request.verdicts.delete(key);
    return undefined;
  }
  const known = request.verdicts.get(key);
  const digest = identityOf(desired, request.rules);
  if (known !== undefined && known.digest === digest && known.liveVersion === liveVersion) {
    // The verdict stands; the bytes of the render that it was made from need not be kept.
    return { ...known.compared, desired };
  }
  const compared =
    desired === undefined ? compareExtra(key, request) : await compareDesired(desired, request);
  if (compared !== undefined) {
    remember(key, desired, { compared, ...request });
  }
  return compared;
}

function remember(
  key: ObjectKey,
  desired: DesiredObject | undefined,
  {
    compared,
    verdicts,
    rules,
  }: { readonly compared: ComparedObject } & Pick<CompareRequest, "verdicts" | "rules">,
): void {
  const { liveVersion } = compared;
  verdicts.set(key, {
    digest: identityOf(desired, rules),
    liveVersion,
    compared: { ...compared, desired: undefined },
  });
}

function identityOf(desired: DesiredObject | undefined, { id }: ComparisonRules): string | undefined {
  if (desired === undefined) return undefined;
  const digest = desired.type === undefined ? `${desired.digest} not served` : desired.digest;
  return id === "" ? digest : `${digest} ${id}`;
}

/**
 * Takes the answer of an apply as the verdict on its object: it is what Git wants by definition, so it need not be compared again
 * until it changes.
 */
export function rememberApplied(
  wanted: DesiredObject,
  answer: KubeObject,
  request: Pick<CompareRequest, "tracking" | "verdicts" | "rules">,
): void {
  if (answer.apiVersion !== wanted.apiVersion) return;
  const desired = wanted.read();
  const compared: ComparedObject = {
    ...viewOf(answer, request),
    ...traitsOf(desired, answer),
    key: wanted.key,
    apiVersion: wanted.apiVersion,
    desired: undefined,
    hook: false,
    sync: "Synced",
    drift: [],
    ignored: [],
    needsApply: false,
    refused: undefined,
  };
  remember(wanted.key, wanted, { compared, ...request });
}

/** An object that Git does not name: ours only when it carries our tracking id, otherwise none of our business. */
function compareExtra(key: ObjectKey, request: CompareRequest): ComparedObject | undefined {
  const live = request.live.get(key);
  if (live === undefined) return undefined;
  const tracked = trackingOf(live, request.tracking);
  if (tracked?.app !== request.tracking.appName) return undefined;
  const hook = viewHooks(live).isHook;
  return {
    ...viewOf(live, request),
    key,
    apiVersion: live.apiVersion,
    desired: undefined,
    sync: hook ? "Synced" : "OutOfSync",
    drift: [],
    ignored: [],
    needsApply: false,
    hook,
    refused: undefined,
    ...traitsOf(live, live),
    ignoreExtraneous: viewCompareOptions(live).ignoreExtraneous,
  };
}

function viewOf(live: KubeObject | undefined, request: Pick<CompareRequest, "tracking">) {
  const tracked = live === undefined ? undefined : trackingOf(live, request.tracking);
  const trackedByUs = tracked?.app === request.tracking.appName;
  const own = live === undefined || isApplicationItself(live, request.tracking.appName);
  return {
    liveVersion: live?.metadata.resourceVersion,
    health: own ? undefined : assessHealth(live),
    trackedByUs,
    owner: live === undefined ? undefined : otherOwnerOf(live, request.tracking),
    summary: live === undefined ? nothing : summarize([live]),
    unreachable: false,
  };
}

function traitsOf(object: KubeObject, live: KubeObject | undefined) {
  const options = viewSyncOptions(object);
  return {
    wave: viewSyncWave(object),
    ignoreHealth: ignoresHealth(object),
    ignoreExtraneous: false,
    needsDeletionConfirmation:
      options.prune === "confirm" ||
      options.delete === "confirm" ||
      (live !== undefined && viewSyncOptions(live).prune === "confirm"),
  };
}

async function compareDesired(wanted: DesiredObject, request: CompareRequest): Promise<ComparedObject> {
  const desired = wanted.read();
  const live = await liveInVersion(wanted, request);
  const common = {
    ...viewOf(live, request),
    ...traitsOf(desired, live),
    key: wanted.key,
    apiVersion: wanted.apiVersion,
    desired: wanted,
    hook: viewHooks(desired).isHook,
  };
  if (common.hook)
    return { ...common, sync: "Synced", drift: [], ignored: [], needsApply: false, refused: undefined };
  if (live === undefined || wanted.type === undefined) {
    return { ...common, sync: "OutOfSync", drift: [], ignored: [], needsApply: true, refused: undefined };
  }
  const judged: Judged = await judge(
    { type: wanted.type, key: wanted.key, desired, live },
    {
      ...request,
      cluster: request.live.cluster,
    },
  );
  return { ...common, ...judged };
}

/** The live object in the version that Git speaks: field paths of another version would not match. */
async function liveInVersion(
  wanted: DesiredObject,
  request: CompareRequest,
): Promise<KubeObject | undefined> {
  const live = request.live.get(wanted.key);
  if (live === undefined || wanted.type === undefined || live.apiVersion === wanted.apiVersion) return live;
  const { namespace = "", name = "" } = live.metadata;
  return request.live.cluster.read({ type: wanted.type, namespace, name }, request.signal);
}
