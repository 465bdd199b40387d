import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewNumber, viewString } from "#core/object/index.ts";

/** What a coordination.k8s.io/v1 Lease says about who leads. */
export interface LeaseView {
  readonly holder: string;
  readonly renewTime: string;
  readonly durationSeconds: number;
  readonly transitions: number;
  readonly resourceVersion: string | undefined;
}

export function viewLease(lease: KubeObject): LeaseView {
  return {
    holder: viewString(lease, "spec", "holderIdentity") ?? "",
    renewTime: viewString(lease, "spec", "renewTime") ?? "",
    durationSeconds: viewNumber(lease, "spec", "leaseDurationSeconds") ?? 0,
    transitions: viewNumber(lease, "spec", "leaseTransitions") ?? 0,
    resourceVersion: lease.metadata.resourceVersion,
  };
}

export interface LeaseClaim {
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  readonly durationSeconds: number;
  readonly nowMs: number;
}

function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

/** The Lease as it is written by a leader; `previous` is the one it replaces, whose resourceVersion is the precondition. */
export function claimedLease(claim: LeaseClaim, previous: KubeObject | undefined): KubeObject {
  const before = previous === undefined ? undefined : viewLease(previous);
  const same = before?.holder === claim.identity;
  const acquired = same ? viewString(previous, "spec", "acquireTime") : undefined;
  const spec: JsonObject = {
    holderIdentity: claim.identity,
    leaseDurationSeconds: claim.durationSeconds,
    acquireTime: acquired ?? microTime(claim.nowMs),
    renewTime: microTime(claim.nowMs),
    leaseTransitions: before === undefined ? 0 : before.transitions + (same ? 0 : 1),
  };
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: previous?.metadata ?? { name: claim.name, namespace: claim.namespace },
    spec,
  };
}
