import type { SystemIgnoreEntry } from "#core/differences/index.ts";
import type { KnownTypeFields } from "./customizations.ts";

const origin = "a preset of Mooring";

const pointerOf = (annotation: string) => `/metadata/annotations/${annotation.replaceAll("/", "~1")}`;

function annotations(group: string, kind: string, names: readonly string[]): SystemIgnoreEntry {
  return { group, kind, jsonPointers: names.map((name) => pointerOf(name)), origin };
}

const notified = "notified.notifications.argoproj.io";

/**
 * What controllers write all the time and nobody wants looked at: Argo CD ships the same with its `argocd-cm`. Each holds until
 * `resource.customizations.ignoreResourceUpdates` says something about its kind. Health counts all the same, whatever it is read from.
 */
export const presetIgnoredUpdates: readonly SystemIgnoreEntry[] = [
  { group: "*", kind: "*", jsonPointers: ["/status"], origin },
  {
    group: "argoproj.io",
    kind: "Application",
    jsonPointers: [
      "/operation",
      ...[notified, "refresh", "refresh-timestamp", "hydrate", "hydrate-timestamp"].map((name) =>
        pointerOf(name === notified ? name : `argocd.argoproj.io/${name}`),
      ),
    ],
    origin,
  },
  annotations("argoproj.io", "Rollout", [notified]),
  annotations("autoscaling", "HorizontalPodAutoscaler", [
    "autoscaling.alpha.kubernetes.io/behavior",
    "autoscaling.alpha.kubernetes.io/conditions",
    "autoscaling.alpha.kubernetes.io/metrics",
    "autoscaling.alpha.kubernetes.io/current-metrics",
  ]),
  annotations("", "ConfigMap", [
    "cluster-autoscaler.kubernetes.io/last-updated",
    "control-plane.alpha.kubernetes.io/leader",
  ]),
  annotations("apps", "ReplicaSet", [
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "rollout.argoproj.io/desired-replicas",
  ]),
  {
    group: "discovery.k8s.io",
    kind: "EndpointSlice",
    jsonPointers: ["/metadata", "/endpoints", "/ports"],
    origin,
  },
  { group: "", kind: "Endpoints", jsonPointers: ["/metadata", "/subsets"], origin },
];

/** Kinds that hold a pod's spec without saying so in their schema; what `knownTypeFields` says of a kind stands in its place. */
export const presetKnownTypeFields: readonly KnownTypeFields[] = [
  {
    group: "argoproj.io",
    kind: "Rollout",
    fields: [{ field: "spec.template.spec", type: "core/v1/PodSpec" }],
  },
];
