import { useState } from "react";
import { Button } from "../../common/button.tsx";
import { Dialog } from "../../common/dialog.tsx";
import type { Application } from "../application-query.ts";
import { isBusy } from "../header/describe-operation.ts";
import { OperationActions, OperationView } from "./operation-view.tsx";
import { PlanActions, PlanView } from "./plan-view.tsx";
import { usePlan } from "./use-plan.ts";

export type SyncMode = "plan" | "operation";

interface SyncPanelProps {
  readonly app: Application;
  /** What it opens with; while a sync runs, that is shown. */
  readonly mode: SyncMode;
  readonly onClose: () => void;
}

/** What a sync would do, how it is asked for, and how it goes. */
export function SyncPanel({ app, mode: first, onClose }: SyncPanelProps) {
  const [mode, setMode] = useState<SyncMode>(() => (isBusy(app) ? "operation" : first));
  const name = app.metadata?.name ?? "";
  return mode === "plan" ? (
    <PlanPanel app={app} onClose={onClose} onStarted={() => setMode("operation")} />
  ) : (
    <Dialog
      isOpen
      onClose={onClose}
      look="panel"
      title={isBusy(app) ? `${name} is being synced` : `The last sync of ${name}`}
      actions={<OperationActions app={app} onPlan={() => setMode("plan")} onClose={onClose} />}
    >
      <OperationView app={app} />
    </Dialog>
  );
}

interface PlanPanelProps {
  readonly app: Application;
  readonly onClose: () => void;
  readonly onStarted: () => void;
}

function PlanPanel({ app, onClose, onStarted }: PlanPanelProps) {
  const plan = usePlan(app);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      look="panel"
      title={`Sync ${app.metadata?.name ?? ""}`}
      description="What it would do, in the order in which it is done."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <PlanActions app={app} plan={plan} onStarted={onStarted} />
        </>
      }
    >
      <PlanView app={app} plan={plan} onStarted={onStarted} />
    </Dialog>
  );
}
