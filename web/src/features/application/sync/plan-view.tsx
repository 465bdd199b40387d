import { useMutation } from "@tanstack/react-query";
import { CircleCheck, ShieldX } from "lucide-react";
import { call } from "../../../lib/api/index.ts";
import { formatCount } from "../../../lib/format.ts";
import { Button } from "../../common/button.tsx";
import { Checkbox } from "../../common/field.tsx";
import { isForbidden } from "../../../lib/api/index.ts";
import { Failure, Skeleton, State } from "../../common/states.tsx";
import type { Application } from "../application-query.ts";
import { useMayDo } from "../use-may-do.ts";
import { usePutApplication } from "../use-put-application.ts";
import { syncRequest } from "./choice.ts";
import { actionLabel, doesSomething, formatChanges } from "./counts.ts";
import type { Guard } from "./guards.ts";
import { isStopped } from "./guards.ts";
import { SyncOptions } from "./options-view.tsx";
import { waitingPlan } from "./approval.ts";
import { ApprovalView } from "./approval-view.tsx";
import { rowsOf } from "./plan-steps.ts";
import { RowDifference } from "./row-difference.tsx";
import { Steps } from "./steps-view.tsx";
import styles from "./sync.module.css";
import type { Plan } from "./use-plan.ts";

interface PlanActionsProps {
  readonly app: Application;
  readonly plan: Plan;
  /** A sync was asked for, or begins by itself any moment. */
  readonly onStarted: () => void;
}

/** How a sync is asked for, and what it would do. */
export function PlanView({ app, plan, onStarted }: PlanActionsProps) {
  const { guards, choice, choose } = plan;
  return (
    <div className={styles["layout"]}>
      <SyncOptions app={app} choice={choice} choose={choose} />
      {guards.length > 0 && (
        <ul aria-label="Guards" className={styles["guards"]}>
          {guards.map((guard) => (
            <GuardView key={guard.title} guard={guard} plan={plan} />
          ))}
        </ul>
      )}
      <Shown app={app} plan={plan} onStarted={onStarted} />
    </div>
  );
}

/** The plan, or why there is none. */
function Shown({ app, plan, onStarted }: PlanActionsProps) {
  const { made, steps, isOld, error, retry, selected, selectAll, revisions } = plan;
  if (isForbidden(error))
    return (
      <State icon={<ShieldX />} title="You may not see what it would do">
        {error?.message} A sync can be started all the same by whoever may; what it does is shown while it
        runs.
      </State>
    );
  if (made === undefined)
    return error === null ? (
      <Skeleton lines={8} label="Working out what would be done" />
    ) : (
      <Failure error={error} onRetry={retry} />
    );
  const rows = rowsOf(steps);
  return (
    <>
      <ApprovalView app={app} plan={plan} onStarted={onStarted} />
      <section
        aria-label="What would be done"
        aria-busy={isOld}
        className={isOld ? styles["old"] : undefined}
      >
        <div className={styles["head"]}>
          <h3 aria-live="polite">{isOld ? "Working out what would be done…" : formatChanges(rows)}</h3>
          {selected.size > 0 && (
            <Button size="small" onClick={selectAll}>
              Sync everything instead
            </Button>
          )}
        </div>
        {rows.length === 0 ? (
          <State icon={<CircleCheck />} title="There is nothing to sync">
            The source renders no object, and the cluster has none of this application.
          </State>
        ) : (
          <Steps
            steps={steps}
            details={(row) => <RowDifference app={app} row={row} revisions={revisions} />}
          />
        )}
      </section>
    </>
  );
}

function GuardView({
  guard: { tone, title, message, override },
  plan,
}: {
  readonly guard: Guard;
  readonly plan: Plan;
}) {
  return (
    <li className={`${styles["guard"]} ${styles[tone]}`}>
      <strong>{title}</strong>
      <p>{message}</p>
      {override !== undefined && (
        <Checkbox
          label={override.label}
          isChecked={false}
          onChange={(isChecked) => plan.choose({ [override.field]: isChecked })}
        />
      )}
    </li>
  );
}

/** The button that begins it. */
export function PlanActions({ app, plan, onStarted }: PlanActionsProps) {
  const { choice, selected, guards, made, steps, approval, error: unplanned, isOld } = plan;
  const rows = rowsOf(steps);
  const isRequired = made !== undefined && made.approval !== "none" && doesSomething(rows);
  const isWaiting = made !== undefined && approval === undefined && waitingPlan(app)?.digest === made.digest;
  const isUnapproved = isRequired && approval === undefined && !choice.dryRun;
  const { isDenied, title } = useMayDo(app, "sync");
  const put = usePutApplication();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      call(
        "application.sync",
        syncRequest(app, choice, {
          selected: [...selected],
          plan: choice.dryRun ? undefined : approval?.digest,
        }),
      ),
    onSuccess: (started) => {
      put(started);
      onStarted();
    },
  });
  const deletes = rows.some(({ change }) => change === "prune") && !choice.dryRun;
  const stopped = guards.find(({ tone }) => tone === "stop");
  return (
    <>
      {error !== null && (
        <p role="alert" className={styles["failed"]}>
          {error.message}
        </p>
      )}
      <Button
        look={isUnapproved ? "plain" : deletes ? "danger" : "primary"}
        isBusy={isPending}
        // What is not known yet cannot be agreed to; what cannot be found out is no reason to wait.
        disabled={
          isDenied || isStopped(guards) || isOld || isWaiting || (made === undefined && unplanned === null)
        }
        title={title ?? stopped?.title ?? (isWaiting ? "It waits for the approval already" : undefined)}
        onClick={() => mutate()}
      >
        {isUnapproved ? "Ask for approval" : actionLabel(choice, rows)}
        {selected.size > 0 && ` (${formatCount(selected.size, "selected object")})`}
      </Button>
    </>
  );
}
