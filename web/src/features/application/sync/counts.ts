import { formatCount } from "../../../lib/format.ts";
import type { SyncChoice } from "./choice.ts";
import type { PreviewRow } from "./preview.ts";

/** The rows that a choice leaves, as it would do them. */
export function chosenRows(
  rows: readonly PreviewRow[],
  choice: SyncChoice,
  selected: ReadonlySet<string>,
): readonly PreviewRow[] {
  const isPartial = selected.size > 0;
  return rows
    .filter(({ key, change }) => !isPartial || (selected.has(key) && change !== "run"))
    .filter(({ change }) => !(change === "run" && choice.skipHooks))
    .map((row) =>
      row.change === "prune" && !choice.prune
        ? {
            ...row,
            change: "keep" as const,
            after: row.before,
            note: "Git does not have it; it stays, because prune is off",
          }
        : row,
    );
}

const words = [
  ["create", "to create"],
  ["change", "to change"],
  ["prune", "to delete"],
  ["run", "to run as a hook"],
  ["keep", "kept"],
  ["same", "as Git says"],
] as const;

/** Such as `1 to create, 2 to delete, 5 as Git says`. */
export function formatChanges(rows: readonly PreviewRow[]): string {
  const parts = words.flatMap(([change, text]) => {
    const count = rows.filter((row) => row.change === change).length;
    return count === 0 ? [] : [`${count.toLocaleString("en")} ${text}`];
  });
  return parts.length === 0 ? "Nothing to do." : `${parts.join(", ")}.`;
}

/** The label of the button that does it. */
export function actionLabel({ dryRun }: SyncChoice, rows: readonly PreviewRow[]): string {
  if (dryRun) return "Try it without changing anything";
  const prunes = rows.filter(({ change }) => change === "prune").length;
  return prunes === 0 ? "Sync" : `Sync and delete ${formatCount(prunes, "object")}`;
}
