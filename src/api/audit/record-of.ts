import { parseApproval, pinnedPlan } from "#core/approval/index.ts";
import type { Operation } from "#core/app/index.ts";
import { isAbortError, isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { isJsonObject, jsonEqual, viewArray, viewPath, viewString } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { planDigest } from "#engine/plan-hash.ts";
import type { AuditChange, AuditOutcome, AuditRecord, AuditTarget } from "#ports/audit-store.ts";
import type { Identity } from "../auth/index.ts";
import { methodName } from "../contract/methods.ts";
import type { Asked } from "../dispatch.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { Write } from "./observed-cluster.ts";
import { shortText } from "./short-text.ts";
import { targetOf } from "./target-of.ts";

/** A request, and what came of it. */
export interface Ended extends Asked {
  readonly timeMs: number;
  readonly durationMs: number;
  /** Undefined when it is not known who sent it. */
  readonly identity: Identity | undefined;
  readonly error: unknown;
  readonly writes: readonly Write[];
}

/** An object of the hub that a request is about; undefined when it is not there. */
type FindTarget = (target: AuditTarget) => KubeObject | undefined;

export interface RecordingOptions {
  readonly fingerprint: Fingerprint;
  readonly findTarget: FindTarget;
}

/** So many objects of one request are named. */
const maxChanges = 20;

const refusals: readonly string[] = ["API_FORBIDDEN", "API_UNAUTHENTICATED", "API_THROTTLED"];

/** The record of a request. What it holds was either made by us or is a name, cut to a length. */
export function recordOf(ended: Ended, { fingerprint, findTarget }: RecordingOptions): AuditRecord {
  const { method, origin, identity, error, writes, timeMs, durationMs } = ended;
  const plan = writes.map(planOf).find((digest) => digest !== undefined);
  const { peer, address, userAgent } = origin;
  return {
    timeMs,
    user: userOf(identity),
    from: {
      address: peer,
      ...(address === undefined || address === peer ? {} : { client: address }),
      userAgent: shortText(userAgent),
    },
    method: methodName(method),
    target: completed(targetOf(method, ended.request), writes, findTarget),
    ...(plan === undefined ? {} : { plan: shortText(plan) }),
    ...resultOf(error),
    durationMs: Math.round(durationMs),
    changes: writes.slice(0, maxChanges).map((write) => changeOf(write, fingerprint)),
    moreChanges: Math.max(0, writes.length - maxChanges),
  };
}

function userOf(identity: Identity | undefined): AuditRecord["user"] {
  if (identity === undefined) return { name: "", subject: "", kind: "nobody", groups: 0 };
  const { username, subject, kind, groups, claims } = identity;
  const tokenId = viewString(claims, "jti");
  return {
    name: shortText(username),
    subject: shortText(subject),
    kind,
    ...(tokenId === undefined ? {} : { tokenId: shortText(tokenId) }),
    groups: groups.length,
  };
}

function resultOf(error: unknown): { readonly outcome: AuditOutcome; readonly code: string } {
  if (error === undefined) return { outcome: "ok", code: "OK" };
  if (isMooringError(error)) {
    return { outcome: refusals.includes(error.code) ? "refused" : "failed", code: error.code };
  }
  return { outcome: "failed", code: isAbortError(error) ? "CANCELED" : "INTERNAL" };
}

/** What a request leaves out, and what was written or is there tells: an Application's project and namespace. */
function completed(target: AuditTarget, writes: readonly Write[], findTarget: FindTarget): AuditTarget {
  const written = writes.find(({ ref }) => ref.type.kind === target.kind && ref.name === target.name);
  const object = written?.after ?? written?.before ?? findTarget(target);
  if (object === undefined) return target;
  const { project, namespace } = target;
  return {
    ...target,
    project: project === "" ? (viewString(object, "spec", "project") ?? "") : project,
    namespace: namespace === "" ? (object.metadata.namespace ?? "") : namespace,
  };
}

function changeOf({ verb, cluster, ref, before, after }: Write, { ofObject }: Fingerprint): AuditChange {
  return {
    verb,
    cluster: shortText(cluster),
    kind: ref.type.kind,
    namespace: ref.namespace,
    name: ref.name,
    ...(before === undefined ? {} : { before: ofObject(before) }),
    ...(after === undefined ? {} : { after: ofObject(after) }),
  };
}

/** The plan that an approval of a Promotion or an Application's operation names, or that is approved by what was written to it. */
function planOf({ ref, before, after }: Write): string | undefined {
  if (ref.type.kind === "Promotion") return approvedPromotion(before, after);
  if (ref.type.kind !== "Application" || after === undefined) return undefined;
  const operation = viewPath(after, "operation");
  const pinned = isJsonObject(operation) ? pinnedPlan(operation as Operation) : undefined;
  return pinned ?? approvedPlan(before, after);
}

/** The plan of the approval that was added. */
function approvedPromotion(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): string | undefined {
  const [earlier, now] = [before, after].map((object) => viewArray(object, "status", "approvals"));
  const added = now?.at(-1);
  return (earlier ?? []).some((one) => jsonEqual(one, added ?? null))
    ? undefined
    : viewString(added, "digest");
}

function approvedPlan(before: KubeObject | undefined, after: KubeObject): string | undefined {
  const text = viewString(after, "metadata", "annotations", annotationKey.approvedPlan);
  const earlier = viewString(before, "metadata", "annotations", annotationKey.approvedPlan);
  return text === earlier ? undefined : parseApproval(text, planDigest)?.digest;
}
