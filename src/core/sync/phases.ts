/** The parts of one sync, in the order they run; SyncFail runs only after a failure. */
export const syncPhases = ["PreSync", "Sync", "PostSync", "SyncFail"] as const;
export type SyncPhase = (typeof syncPhases)[number];

/** `status.operationState.phase`, and `hookPhase` in a resource's result. */
export type OperationPhase = "Running" | "Terminating" | "Failed" | "Error" | "Succeeded";

/** `status.operationState.syncResult.resources[].status`. */
type ResultCode = "Synced" | "SyncFailed" | "Pruned" | "PruneSkipped";

/** What one resource's line in the sync result says. */
export interface ResourceResult {
  readonly code: ResultCode;
  readonly message: string;
}

/** Messages that scripts and dashboards written for Argo CD look for. */
export const operationMessages = {
  succeeded: "successfully synced (all tasks run)",
  nothingToDo: "successfully synced (no more tasks)",
  applyFailed: "one or more objects failed to apply",
  dryRunFailed: "one or more objects failed to apply (dry run)",
  tasksFailed: "one or more synchronization tasks completed unsuccessfully",
  tasksInvalid: "one or more synchronization tasks are not valid",
  terminated: "Operation terminated",
  terminating: "operation is terminating",
  pruned: "pruned",
  pruneNotRequested: "ignored (requires pruning)",
  pruneDisabled: "ignored (no prune)",
} as const;
