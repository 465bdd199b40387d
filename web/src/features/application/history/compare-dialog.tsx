import { Dialog } from "../../common/dialog.tsx";
import type { Application } from "../application-query.ts";
import type { HistoryEntry } from "./entries.ts";
import { formatRevisions } from "./entries.ts";
import { RevisionDiff } from "./revision-diff.tsx";

interface CompareDialogProps {
  readonly app: Application;
  /** The older one first. */
  readonly pair: readonly [HistoryEntry, HistoryEntry];
  readonly onClose: () => void;
}

/** What differs between two that were deployed. */
export function CompareDialog({ app, pair: [older, newer], onClose }: CompareDialogProps) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      look="panel"
      title={`From ${formatRevisions(older)} to ${formatRevisions(newer)}`}
      description={
        older.isOtherSource || newer.isOtherSource
          ? "What the sources render to at both revisions with the settings of now, which were others then."
          : "What the sources render to at both revisions."
      }
    >
      <RevisionDiff app={app} before={older.revisions} after={newer.revisions} />
    </Dialog>
  );
}
