import { useMutation } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { call } from "../../../lib/api/index.ts";
import { formatExact } from "../../../lib/format.ts";
import { Button } from "../../common/button.tsx";
import { tell } from "../../common/toast.tsx";
import type { Application } from "../application-query.ts";
import { namedIn } from "../change-application.ts";
import { useMayDo } from "../use-may-do.ts";
import type { Approval } from "./approval.ts";
import { waitingPlan } from "./approval.ts";
import { syncRequest } from "./choice.ts";
import { doesSomething } from "./counts.ts";
import { rowsOf } from "./plan-steps.ts";
import styles from "./sync.module.css";
import type { Plan } from "./use-plan.ts";

const requirements: Readonly<Record<string, string>> = {
  always: "Every sync of this application needs an approved plan.",
  "except-self-heal":
    "Every sync of this application needs an approved plan, except for undoing what was changed in the cluster.",
};

interface ApprovalViewProps {
  readonly app: Application;
  readonly plan: Plan;
  /** The automated sync that waited for the approval begins any moment. */
  readonly onStarted: () => void;
}

/** The digest of what is shown, whether somebody has approved exactly that, and the button that does. */
export function ApprovalView({ app, plan, onStarted }: ApprovalViewProps) {
  const { made, approval, choice, steps } = plan;
  const requirement = requirements[made?.approval ?? ""];
  const digest = made?.digest ?? "";
  const isAsked = requirement !== undefined && !choice.dryRun && doesSomething(rowsOf(steps));
  return (
    <section aria-label="Approval" className={isAsked ? styles["approval"] : undefined}>
      {isAsked &&
        (approval === undefined ? <strong>{requirement}</strong> : <Approved approval={approval} />)}
      {isAsked && approval === undefined && (
        <ApproveButton app={app} plan={plan} digest={digest} onStarted={onStarted} />
      )}
      {isAsked && waitingPlan(app)?.digest === digest && (
        <p className="muted">
          The automated sync waits with this plan. Once it is approved, it begins by itself.
        </p>
      )}
      <p className={`muted ${styles["digest"]}`}>
        Plan <code title="By which it is approved: the same as long as the same would be done">{digest}</code>
      </p>
    </section>
  );
}

function Approved({ approval: { by, expires } }: { readonly approval: Approval }) {
  return (
    <p role="status" className={styles["approved"]}>
      <ShieldCheck aria-hidden="true" />
      <span>
        {by} has approved exactly this plan. It may be used once, until{" "}
        <time dateTime={expires}>{formatExact(expires)}</time>.
      </span>
    </p>
  );
}

interface ApproveButtonProps extends ApprovalViewProps {
  readonly digest: string;
}

function ApproveButton({ app, plan, digest, onStarted }: ApproveButtonProps) {
  const { choice, selected, guards, isOld, setApproved } = plan;
  const { isDenied, title } = useMayDo(app, "update");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      call("plan.approve", {
        ...namedIn(app),
        digest,
        sync: syncRequest(app, { ...choice, dryRun: false }, { selected: [...selected] }),
      }),
    onSuccess: ({ digest: approved = "", by = "", expires = "" }) => {
      setApproved({ digest: approved, by, expires });
      tell("The plan is approved.");
      if (waitingPlan(app)?.digest === digest) onStarted();
    },
  });
  const refusal = guards.find((guard) => guard.isRefusal === true);
  return (
    <>
      <p>
        {isDenied
          ? "Ask somebody who may change the application to approve it: they find it here, and by this digest."
          : "Look at what it does, then approve it. A sync that would do anything else is refused."}
      </p>
      {error !== null && (
        <p role="alert" className={styles["failed"]}>
          {error.message}
        </p>
      )}
      <div>
        <Button
          look="primary"
          isBusy={isPending}
          disabled={isDenied || isOld || refusal !== undefined}
          title={title ?? refusal?.title}
          onClick={() => mutate()}
        >
          Approve this plan
        </Button>
      </div>
    </>
  );
}
