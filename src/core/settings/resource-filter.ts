import { array, object, string } from "#core/crd/schema.ts";
import type { Infer } from "#core/crd/schema.ts";
import { parseGlob } from "#core/project/glob.ts";

export const resourceRulesSchema = array(
  object({ apiGroups: array(string()), kinds: array(string()), clusters: array(string()) }),
);

/** Globs; a list that is missing or empty stands for everything. */
export type ResourceRule = Infer<typeof resourceRulesSchema>[number];

/** Which kinds exist for Mooring; what is left out is neither watched nor shown nor synced. */
export interface ResourceFilter {
  /** When there are any, only what one of them names. */
  readonly inclusions: readonly ResourceRule[];
  readonly exclusions: readonly ResourceRule[];
}

/** Never looked at, whatever the settings say: they change all the time and nobody deploys them. */
const alwaysExcluded: readonly ResourceRule[] = [
  { apiGroups: ["events.k8s.io", "metrics.k8s.io"] },
  { apiGroups: [""], kinds: ["Event", "Node"] },
  { apiGroups: ["coordination.k8s.io"], kinds: ["Lease"] },
];

/** What is left out while `resource.exclusions` is not set: kinds that controllers write, by the thousands. */
export const defaultExclusions: readonly ResourceRule[] = [
  { apiGroups: ["", "discovery.k8s.io"], kinds: ["Endpoints", "EndpointSlice"] },
  {
    apiGroups: ["authentication.k8s.io", "authorization.k8s.io"],
    kinds: [
      "SelfSubjectReview",
      "TokenReview",
      "LocalSubjectAccessReview",
      "SelfSubjectAccessReview",
      "SelfSubjectRulesReview",
      "SubjectAccessReview",
    ],
  },
  { apiGroups: ["certificates.k8s.io"], kinds: ["CertificateSigningRequest"] },
  { apiGroups: ["cert-manager.io"], kinds: ["CertificateRequest"] },
  { apiGroups: ["cilium.io"], kinds: ["CiliumIdentity", "CiliumEndpoint", "CiliumEndpointSlice"] },
  {
    apiGroups: ["kyverno.io", "reports.kyverno.io", "wgpolicyk8s.io"],
    kinds: [
      "PolicyReport",
      "ClusterPolicyReport",
      "EphemeralReport",
      "ClusterEphemeralReport",
      "AdmissionReport",
      "ClusterAdmissionReport",
      "BackgroundScanReport",
      "ClusterBackgroundScanReport",
      "UpdateRequest",
    ],
  },
];

export interface FilteredKind {
  readonly group: string;
  readonly kind: string;
  /** The cluster's API server. */
  readonly server: string;
}

/** Whether a kind is left out on a cluster; an exclusion wins over an inclusion. */
export function excludesResource(filter: ResourceFilter, kind: FilteredKind): boolean {
  if ([...alwaysExcluded, ...filter.exclusions].some((rule) => covers(rule, kind))) return true;
  return filter.inclusions.length > 0 && !filter.inclusions.some((rule) => covers(rule, kind));
}

function covers(rule: ResourceRule, { group, kind, server }: FilteredKind): boolean {
  return (
    matchesAny(rule.apiGroups, group) && matchesAny(rule.kinds, kind) && matchesAny(rule.clusters, server)
  );
}

function matchesAny(globs: readonly string[] = [], text: string): boolean {
  return globs.length === 0 || globs.some((glob) => parseGlob(glob).matches(text));
}
