import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { isAutomated } from "../../applications/describe-application.ts";
import { Button } from "../../common/button.tsx";
import { Dialog } from "../../common/dialog.tsx";
import { Checkbox } from "../../common/field.tsx";
import type { Application } from "../application-query.ts";
import { mergeInto, namedIn } from "../change-application.ts";
import { automationPatch } from "../header/automation-change.ts";
import { useMayDo } from "../use-may-do.ts";
import { usePutApplication } from "../use-put-application.ts";
import type { HistoryEntry } from "./entries.ts";
import { entriesOf, formatRevisions } from "./entries.ts";
import styles from "./history.module.css";
import { RevisionDiff } from "./revision-diff.tsx";

interface RollbackDialogProps {
  readonly app: Application;
  readonly entry: HistoryEntry;
  readonly onClose: () => void;
  readonly onStarted: () => void;
}

/** Deploys again what was deployed before. */
export function RollbackDialog({ app, entry, onClose, onStarted }: RollbackDialogProps) {
  const [prune, setPrune] = useState(false);
  const [showsChanges, setShowsChanges] = useState(false);
  const may = useMayDo(app, "rollback");
  const mayUpdate = useMayDo(app, "update");
  const automated = isAutomated(app);
  const put = usePutApplication();
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      if (automated) put(await mergeInto(app, automationPatch(app, "automated", false)));
      return call("application.rollback", { ...namedIn(app), id: entry.id, prune });
    },
    onSuccess: (started) => {
      put(started);
      onStarted();
    },
  });
  const now = entriesOf(app)[0]?.revisions ?? [];
  const denied = may.title ?? (automated ? mayUpdate.title : undefined);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      look={showsChanges ? "panel" : "box"}
      title={`Roll back to ${formatRevisions(entry)}`}
      description="Deploys again what this entry of the history deployed, with the settings that its source had then. Git stays as it is."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            isBusy={isPending}
            disabled={denied !== undefined}
            title={denied}
            onClick={() => mutate()}
          >
            {automated ? "Turn automated sync off and roll back" : "Roll back"}
          </Button>
        </>
      }
    >
      <div className={styles["form"]}>
        {automated && (
          <p>
            Automated sync is on. It would deploy the newest commit again at once, so it is turned off first.
            Turn it on again when Git says what you want; its other settings stay.
          </p>
        )}
        <Checkbox
          label="Prune"
          hint="Delete what was deployed since and is not part of that revision."
          isChecked={prune}
          onChange={setPrune}
        />
        {error !== null && (
          <p role="alert" className={styles["error"]}>
            {error.message}
          </p>
        )}
        {showsChanges ? (
          <RevisionDiff app={app} before={now} after={entry.revisions} />
        ) : (
          <Button onClick={() => setShowsChanges(true)}>Show what changes</Button>
        )}
      </div>
    </Dialog>
  );
}
