import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../lib/api/index.ts";
import { Button } from "../common/button.tsx";
import type { Promotion } from "../pipelines/pipeline.ts";
import { readPromotion } from "../pipelines/pipeline.ts";
import { promotionQuery } from "../pipelines/queries.ts";
import { FormDialog } from "../settings/parts/form-dialog.tsx";
import { TextField } from "../settings/parts/inputs.tsx";
import styles from "./decision-dialogs.module.css";
import { PlanTable } from "./plan-table.tsx";

type Plan = NonNullable<Promotion["status"]["plan"]>;

interface DecisionProps {
  readonly promotion: Promotion;
  readonly onClose: () => void;
}

/** Sends a decision and shows what it made of the promotion; when it is refused, the promotion as it is now. */
function useDecide({ namespace, name }: Promotion) {
  const queryClient = useQueryClient();
  const { queryKey } = promotionQuery({ namespace, name });
  return async (send: () => Promise<Parameters<typeof readPromotion>[0]>): Promise<void> => {
    try {
      queryClient.setQueryData(queryKey, readPromotion(await send()));
    } finally {
      void queryClient.invalidateQueries({ queryKey });
      void queryClient.invalidateQueries({ queryKey: ["promotions"] });
    }
  };
}

/** Approves the plan that was on the screen when it was opened, and no other. */
export function ApproveDialog({ promotion, plan, onClose }: DecisionProps & { readonly plan: Plan }) {
  const { namespace, name, spec } = promotion;
  const [seen, setSeen] = useState(plan);
  const [comment, setComment] = useState("");
  const decide = useDecide(promotion);
  const isChanged = plan.digest !== seen.digest;
  return (
    <FormDialog
      title={`Approve ${name}`}
      description={`Your name stands by exactly this plan for ${spec.stage}. When anything else would be applied, it is asked for anew.`}
      doIt="Approve"
      act={() =>
        decide(() => call("pipeline.approve", { promotion: name, namespace, digest: seen.digest, comment }))
      }
      done="Approved."
      onClose={onClose}
    >
      <div className={styles["plan"]}>
        <PlanTable plan={seen} />
      </div>
      {isChanged && (
        <div role="alert" className={styles["changed"]}>
          <p>
            <strong>The plan has changed while you looked at it.</strong> An approval of the one above is
            refused. This is the plan now:
          </p>
          <div className={styles["plan"]}>
            <PlanTable plan={plan} />
          </div>
          <Button onClick={() => setSeen(plan)}>Approve this one instead</Button>
        </div>
      )}
      <TextField label="Comment" value={comment} onChange={setComment} hint="Is kept with your approval." />
    </FormDialog>
  );
}

export function RejectDialog({ promotion, onClose }: DecisionProps) {
  const { namespace, name, spec } = promotion;
  const [reason, setReason] = useState("");
  const decide = useDecide(promotion);
  return (
    <FormDialog
      title={`Reject ${name}`}
      description={`It does not come to ${spec.stage}. Somebody can promote the same revision again.`}
      doIt="Reject"
      problem={reason.trim() === "" ? "Say why." : undefined}
      act={() => decide(() => call("pipeline.reject", { promotion: name, namespace, reason }))}
      done="Rejected."
      onClose={onClose}
      isDanger
    >
      <TextField label="Reason" value={reason} onChange={setReason} isRequired />
    </FormDialog>
  );
}

export function BreakGlassDialog({ promotion, onClose }: DecisionProps) {
  const { namespace, name, spec } = promotion;
  const [reason, setReason] = useState("");
  const decide = useDecide(promotion);
  return (
    <FormDialog
      title={`Break the glass for ${spec.stage}`}
      doIt="Break the glass"
      problem={reason.trim() === "" ? "Say why." : undefined}
      act={() => decide(() => call("pipeline.breakGlass", { promotion: name, namespace, reason }))}
      done="The glass is broken: its gates are not asked."
      onClose={onClose}
      isDanger
    >
      <div className={styles["warning"]}>
        <strong>No gate of {spec.stage} is asked any more for this promotion</strong>: no approval, no freeze,
        no check. Your name and the reason are in its status, in an event, in the audit, and on the page for
        as long as {spec.stage} has what it brings. It cannot be taken back.
      </div>
      <TextField label="Reason" value={reason} onChange={setReason} isRequired />
    </FormDialog>
  );
}
