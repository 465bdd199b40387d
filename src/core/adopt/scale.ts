import type { JsonObject } from "#core/object/index.ts";
import type { ArgoWorkload } from "./workload.ts";

/** On a workload of Argo CD that was stopped: how many replicas it had. */
export const formerReplicasAnnotation = "mooring.dev/former-replicas";

/** Stops a workload and notes what it was, in one write; undefined when it is stopped already. */
export function stopPatch({ replicas, formerReplicas }: ArgoWorkload): JsonObject | undefined {
  if (replicas === 0) return undefined;
  // What was noted before somebody started it again by hand is older than what runs now.
  const former = String(replicas);
  const note = { metadata: { annotations: { [formerReplicasAnnotation]: former } } };
  return formerReplicas === replicas ? { spec: { replicas: 0 } } : { ...note, spec: { replicas: 0 } };
}

/** Gives a workload back what it had; undefined when it was not stopped by us. */
export function startPatch({ replicas, formerReplicas }: ArgoWorkload): JsonObject | undefined {
  if (formerReplicas === undefined) return undefined;
  const metadata = { annotations: { [formerReplicasAnnotation]: null } };
  // Started by hand meanwhile: only the note goes.
  return replicas > 0 ? { metadata } : { metadata, spec: { replicas: formerReplicas } };
}
