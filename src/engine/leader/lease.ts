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

/** Where servers ask the one who leads, `host:port`. */
export const internalAddressAnnotation = "mooring.dev/internal-address";

export interface LeaseClaim {
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  readonly durationSeconds: number;
  readonly nowMs: number;
  /** Where servers ask it; undefined when it cannot be asked. */
  readonly address: string | undefined;
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
    metadata: withAddress(
      previous?.metadata ?? { name: claim.name, namespace: claim.namespace },
      claim.address,
    ),
    spec,
  };
}

/** The Lease as nobody holds it any more; its resourceVersion is the precondition. */
export function givenBackLease(held: KubeObject, nowMs: number): KubeObject {
  const { spec } = held;
  const free: JsonObject = { ...(spec as JsonObject), holderIdentity: "", renewTime: microTime(nowMs) };
  return { ...held, metadata: withAddress(held.metadata, undefined), spec: free };
}

/** What an earlier holder said is not true of this one. */
function withAddress(metadata: KubeObject["metadata"], address: string | undefined): KubeObject["metadata"] {
  if (metadata.annotations?.[internalAddressAnnotation] === address) return metadata;
  const { [internalAddressAnnotation]: _earlier, ...others } = metadata.annotations ?? {};
  const own = address === undefined ? {} : { [internalAddressAnnotation]: address };
  return { ...metadata, annotations: { ...others, ...own } };
}
