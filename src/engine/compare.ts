import type { Comparison, Drift } from "#core/compare/index.ts";
import { compareAnswer, compareObject } from "#core/compare/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { Health } from "#core/health/index.ts";
import { assessHealth, ignoresHealth } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { gvkOf } from "#core/object/index.ts";
import type { Summary } from "#core/summary/index.ts";
import { summarize } from "#core/summary/index.ts";
import type { SetTrackingOptions } from "#core/tracking/index.ts";
import { trackingOf, viewHooks, viewSyncOptions, viewSyncWave } from "#core/tracking/index.ts";
import type { LiveStore } from "#ports/live-store.ts";
import { mapLimit } from "#runtime/limit.ts";
import { fieldManager } from "./apply.ts";
import type { Desired, DesiredObject } from "./desired.ts";
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
  readonly needsApply: boolean;
  readonly health: Health | undefined;
  readonly ignoreHealth: boolean;
  readonly trackedByUs: boolean;
  /** The other application whose tracking id the live object carries. */
  readonly owner: string | undefined;
  readonly hook: boolean;
  readonly wave: number;
  readonly needsDeletionConfirmation: boolean;
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
  readonly signal: AbortSignal;
}

interface Verdict {
  /** Digest of what is desired and whether the cluster serves its kind. */
  readonly digest: string | undefined;
  readonly liveVersion: string | undefined;
  readonly compared: ComparedObject;
}

export type VerdictCache = Map<ObjectKey, Verdict>;

const confirmConcurrency = 8;
const nothing: Summary = { images: [], externalURLs: [] };

/** Compares everything an application wants or has. Only a predicted difference costs an API request. */
export async function compareApp(request: CompareRequest): Promise<readonly ComparedObject[]> {
  const { desired, live, claimant, verdicts, signal } = request;
  const wanted = new Map(desired.objects.map((object) => [object.key, object]));
  const keys = new Set<ObjectKey>([...wanted.keys(), ...request.inventory]);
  const claimed = await live.claim(claimant, keys, signal);
  const unreachable = await findUnreachable(claimed, live, signal);
  const outside = new Set(claimed.excluded);
  for (const key of verdicts.keys()) if (!keys.has(key)) verdicts.delete(key);
  const compared = await mapLimit([...keys], confirmConcurrency, async (key) => {
    const reason = unreachable.get(key);
    // The plan refuses kinds that are not served; what left Git outside of what the cluster is restricted to is given up.
    const counts = reason !== undefined && wanted.has(key) === outside.has(key);
    return counts
      ? compareUnreachable(key, wanted.get(key), reason)
      : verdictOf(key, wanted.get(key), request);
  });
  return compared.filter((object) => object !== undefined);
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
    needsApply: false,
    health: undefined,
    trackedByUs: false,
    owner: undefined,
    hook: desired !== undefined && viewHooks(desired).isHook,
    wave: desired === undefined ? 0 : viewSyncWave(desired),
    ignoreHealth: false,
    needsDeletionConfirmation: false,
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
  const digest = identityOf(desired);
  if (known !== undefined && known.digest === digest && known.liveVersion === liveVersion) {
    // The verdict stands; the bytes of the render that it was made from need not be kept.
    return { ...known.compared, desired };
  }
  const compared =
    desired === undefined ? compareExtra(key, request) : await compareDesired(desired, request);
  if (compared !== undefined) {
    remember(key, desired, { compared, verdicts: request.verdicts });
  }
  return compared;
}

function remember(
  key: ObjectKey,
  desired: DesiredObject | undefined,
  { compared, verdicts }: { readonly compared: ComparedObject; readonly verdicts: VerdictCache },
): void {
  const { liveVersion } = compared;
  verdicts.set(key, {
    digest: identityOf(desired),
    liveVersion,
    compared: { ...compared, desired: undefined },
  });
}

function identityOf(desired: DesiredObject | undefined): string | undefined {
  if (desired === undefined) return undefined;
  return desired.type === undefined ? `${desired.digest} not served` : desired.digest;
}

/**
 * Takes the answer of an apply as the verdict on its object: it is what Git wants by definition, so it need not be compared again
 * until it changes.
 */
export function rememberApplied(
  wanted: DesiredObject,
  answer: KubeObject,
  request: Pick<CompareRequest, "tracking" | "verdicts">,
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
    needsApply: false,
    refused: undefined,
  };
  remember(wanted.key, wanted, { compared, verdicts: request.verdicts });
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
    needsApply: false,
    hook,
    refused: undefined,
    ...traitsOf(live, live),
  };
}

function viewOf(live: KubeObject | undefined, request: Pick<CompareRequest, "tracking">) {
  const tracked = live === undefined ? undefined : trackingOf(live, request.tracking);
  const trackedByUs = tracked?.app === request.tracking.appName;
  return {
    liveVersion: live?.metadata.resourceVersion,
    health: live === undefined ? undefined : assessHealth(live),
    trackedByUs,
    owner: tracked === undefined || trackedByUs ? undefined : tracked.app,
    summary: live === undefined ? nothing : summarize([live]),
    unreachable: false,
  };
}

function traitsOf(object: KubeObject, live: KubeObject | undefined) {
  const options = viewSyncOptions(object);
  return {
    wave: viewSyncWave(object),
    ignoreHealth: ignoresHealth(object),
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
  if (common.hook) return { ...common, sync: "Synced", drift: [], needsApply: false, refused: undefined };
  if (live === undefined || wanted.type === undefined) {
    return { ...common, sync: "OutOfSync", drift: [], needsApply: true, refused: undefined };
  }
  return { ...common, ...(await judge(wanted, { desired, live }, request)) };
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

interface Pair {
  readonly desired: KubeObject;
  readonly live: KubeObject;
}

/**
 * Predicts what applying would change. What is predicted to differ, and what cannot be predicted, is confirmed by one
 * server-side dry run; its answer is remembered with the verdict.
 */
async function judge(wanted: DesiredObject, pair: Pair, request: CompareRequest): Promise<Judged> {
  const { cluster } = request.live;
  const schema = await cluster.schemaOf(gvkOf(pair.desired), request.signal);
  const input = { ...pair, schema, fieldManager, secretHash: request.secretHash };
  const predicted = compareObject(input);
  const settled = predicted.predictable && predicted.sync === "Synced";
  if (settled || wanted.type === undefined) return pick(predicted);
  try {
    const answer = await cluster.apply(wanted.type, pair.desired, {
      fieldManager,
      force: true,
      dryRun: true,
      fieldValidation: "Ignore",
      signal: request.signal,
    });
    return pick(compareAnswer(input, answer));
  } catch (error) {
    if (!isMooringError(error) || error.retry === "bug") throw error;
    return { ...pick(predicted), sync: "OutOfSync", needsApply: true, refused: error.message };
  }
}

interface Judged {
  readonly sync: "Synced" | "OutOfSync";
  readonly drift: readonly Drift[];
  readonly needsApply: boolean;
  readonly refused: string | undefined;
}

function pick({ sync, drift, needsApply }: Comparison): Judged {
  return { sync, drift, needsApply, refused: undefined };
}
