import type { Application } from "#core/app/index.ts";
import { isApproved } from "#core/sync/index.ts";
import { deletionApprovedAt } from "#engine/plan-operation.ts";
import type { RunningOperation } from "./state.ts";

/** True when the Application says that the deletions of its operation are approved. */
export function isOperationApproved({ startedAtMs }: RunningOperation, app: Application): boolean {
  return isApproved({ startedAtMs, deletionApprovedAtMs: deletionApprovedAt(app) });
}
