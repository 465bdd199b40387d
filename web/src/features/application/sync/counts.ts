import { formatCount } from "../../../lib/format.ts";
import type { SyncChoice } from "./choice.ts";
import type { PlanRow } from "./plan-steps.ts";

const words = [
  ["create", "to create"],
  ["change", "to change"],
  ["prune", "to delete"],
  ["run", "to run as a hook"],
  ["keep", "kept"],
  ["same", "as Git says"],
] as const;

/** Such as `1 to create, 2 to delete, 5 as Git says`. */
export function formatChanges(rows: readonly PlanRow[]): string {
  const parts = words.flatMap(([change, text]) => {
    const count = rows.filter((row) => row.change === change).length;
    return count === 0 ? [] : [`${count.toLocaleString("en")} ${text}`];
  });
  return parts.length === 0 ? "Nothing to do." : `${parts.join(", ")}.`;
}

/** Whether a sync would do anything at all. */
export function doesSomething(rows: readonly PlanRow[]): boolean {
  return rows.some(({ change }) => ["create", "change", "prune", "run"].includes(change));
}

/** The label of the button that does it. */
export function actionLabel({ dryRun }: SyncChoice, rows: readonly PlanRow[]): string {
  if (dryRun) return "Try it without changing anything";
  const prunes = rows.filter(({ change }) => change === "prune").length;
  return prunes === 0 ? "Sync" : `Sync and delete ${formatCount(prunes, "object")}`;
}
