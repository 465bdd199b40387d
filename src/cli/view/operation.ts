import type { OperationState } from "#core/app/index.ts";
import { revisionsOf } from "#core/app/index.ts";
import { formatDuration } from "#core/sync/index.ts";
import { formatMoment } from "./app-view.ts";

/** The last operation as `argocd app get --show-operation` shows it. */
export function formatOperation(state: OperationState): string {
  const finished = state.finishedAt;
  const took = Date.parse(finished ?? "") - Date.parse(state.startedAt);
  const rows: readonly (readonly [string, string])[] = [
    ["Operation:", state.operation.sync === undefined ? "" : "Sync"],
    ["Sync Revision:", revisionsOf(state.syncResult ?? state.operation.sync ?? {}).join(", ")],
    ["Phase:", state.phase],
    ["Start:", formatMoment(state.startedAt)],
    ["Finished:", formatMoment(finished)],
    ...(Number.isNaN(took) ? [] : [["Duration:", formatDuration(took)] as const]),
    ...(state.message === undefined || state.message === "" ? [] : [["Message:", state.message] as const]),
  ];
  return rows.map(([label, value]) => `${label.padEnd(20)}${value}`.trimEnd() + "\n").join("");
}
