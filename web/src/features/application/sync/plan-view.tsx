import { useMutation } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { call } from "../../../lib/api/index.ts";
import { formatCount } from "../../../lib/format.ts";
import { Button } from "../../common/button.tsx";
import { Checkbox } from "../../common/field.tsx";
import { Failure, Skeleton, State } from "../../common/states.tsx";
import type { Application } from "../application-query.ts";
import { useMayDo } from "../use-may-do.ts";
import { usePutApplication } from "../use-put-application.ts";
import { syncRequest } from "./choice.ts";
import { actionLabel, formatChanges } from "./counts.ts";
import type { Guard } from "./guards.ts";
import { isStopped } from "./guards.ts";
import { SyncOptions } from "./options-view.tsx";
import { Steps } from "./steps-view.tsx";
import styles from "./sync.module.css";
import type { Plan } from "./use-plan.ts";

interface PlanViewProps {
  readonly app: Application;
  readonly plan: Plan;
}

/** How a sync is asked for, and what it would do. */
export function PlanView({ app, plan }: PlanViewProps) {
  const { rows, guards, choice, choose, error, retry, selected, selectAll } = plan;
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
      {error !== null && rows === undefined ? (
        <Failure error={error} onRetry={retry} />
      ) : rows === undefined ? (
        <Skeleton lines={8} label="Working out what would be done" />
      ) : (
        <section aria-label="What would be done">
          <div className={styles["head"]}>
            <h3 aria-live="polite">{formatChanges(rows)}</h3>
            {selected.size > 0 && (
              <Button size="small" onClick={selectAll}>
                Sync everything instead
              </Button>
            )}
          </div>
          {plan.isOther && (
            <p className="muted">
              Shown is what differs from what Git wants now, not from what is in the cluster.
            </p>
          )}
          {rows.length === 0 ? (
            <State icon={<CircleCheck />} title="There is nothing to sync">
              The source renders no object, and the cluster has none of this application.
            </State>
          ) : (
            <Steps rows={rows} />
          )}
        </section>
      )}
    </div>
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

interface PlanActionsProps extends PlanViewProps {
  readonly onStarted: () => void;
}

/** The button that begins it. */
export function PlanActions({ app, plan, onStarted }: PlanActionsProps) {
  const { choice, selected, rows = [], guards } = plan;
  const { isDenied, title } = useMayDo(app, "sync");
  const put = usePutApplication();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call("application.sync", syncRequest(app, choice, [...selected])),
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
        look={deletes ? "danger" : "primary"}
        isBusy={isPending}
        // What is not known yet cannot be agreed to; what cannot be found out is no reason to wait.
        disabled={
          isDenied || isStopped(guards) || plan.isOld || (plan.rows === undefined && plan.error === null)
        }
        title={title ?? stopped?.title}
        onClick={() => mutate()}
      >
        {actionLabel(choice, rows)}
        {selected.size > 0 && ` (${formatCount(selected.size, "selected object")})`}
      </Button>
    </>
  );
}
