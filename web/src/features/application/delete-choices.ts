import { formatCount } from "../../lib/format.ts";
import type { Application } from "./application-query.ts";

export type Deletion = "foreground" | "background" | "keep";

export const deletions: readonly Deletion[] = ["foreground", "background", "keep"];

/** What goes with the application, and how. */
export function explainDeletion(app: Application, deletion: Deletion) {
  const count = (app.status?.resources ?? []).filter(({ hook }) => hook !== true).length;
  const objects = count === 1 ? "the object" : formatCount(count, "object");
  switch (deletion) {
    case "foreground":
      return {
        label: "With its objects, waiting until each is gone",
        hint: `Deletes ${objects} that it deployed, in the reverse order of waves, each with what belongs to it. The application goes last.`,
      };
    case "background":
      return {
        label: "With its objects, without waiting for what belongs to them",
        hint: `Deletes ${objects} that it deployed; Kubernetes removes their pods and the like afterwards.`,
      };
    case "keep":
      return {
        label: "Without its objects",
        hint:
          count === 0
            ? "Only the application goes."
            : `Only the application goes: ${objects} ${count === 1 ? "goes" : "go"} on running, and nobody keeps ${count === 1 ? "it" : "them"} as Git says.`,
      };
    default:
      throw new Error(`unhandled deletion: ${String(deletion satisfies never)}`);
  }
}

/** As the API asks for it. */
export function deletionRequest(deletion: Deletion) {
  return deletion === "keep" ? { cascade: false } : { cascade: true, propagationPolicy: deletion };
}
