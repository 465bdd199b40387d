import { formatRevisions } from "#core/app/source.ts";
import type { RollbackHold } from "./record.ts";

/** What a hold means for its Application, and what ends it. */
export function formatHold(hold: RollbackHold, app: string): string {
  const { revisions, to, reason, since, state, failure = "" } = hold;
  const [from, back] = [formatRevisions(revisions), formatRevisions(to.revisions)];
  const wayOut = `a commit that changes what is deployed ends that, and so does: mooring app resume ${app}, or a sync by hand`;
  switch (state) {
    case "pending":
      return `revision ${from} failed (${reason}); it is to be rolled back to ${back}; ${wayOut}`;
    case "done":
      return `revision ${from} failed (${reason}) and was rolled back to ${back} at ${since}; it is not tried again; ${wayOut}`;
    case "failed":
      return `revision ${from} failed (${reason}), and the rollback to ${back} failed, too: ${failure}; nothing is tried again; ${wayOut}`;
    default:
      throw new Error(`unhandled state: ${JSON.stringify(state satisfies never)}`);
  }
}
