/** Kinds that controllers create and own, by group and kind. */
export const ownedKinds = [
  ["apps", "ReplicaSet"],
  ["apps", "ControllerRevision"],
  ["batch", "Job"],
  ["", "Pod"],
  ["discovery.k8s.io", "EndpointSlice"],
] as const;
