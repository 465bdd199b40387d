import { useQuery } from "@tanstack/react-query";
import { CircleX, Flame, ThumbsUp } from "lucide-react";
import { useState } from "react";
import { sessionQuery } from "../../lib/session.ts";
import type { Pipeline, Promotion } from "../pipelines/pipeline.ts";
import { hasEnded, isBeforeWriting } from "../pipelines/pipeline.ts";
import { usePermissionFor } from "../pipelines/use-pipeline-object.ts";
import { GuardedButton } from "../settings/parts/guarded-button.tsx";
import { ApproveDialog, BreakGlassDialog, RejectDialog } from "./decision-dialogs.tsx";
import { asksForApproval, whyNotApproved } from "./waiting-for-me.ts";

interface DecisionsProps {
  readonly promotion: Promotion;
  readonly pipeline: Pipeline;
}

/** What people may decide about a promotion, as long as it can be decided. */
export function Decisions({ promotion, pipeline }: DecisionsProps) {
  const [doing, setDoing] = useState<"approve" | "reject" | "break-glass">();
  const { data: session } = useQuery(sessionQuery);
  const wants = usePermissionFor(pipeline);
  const { spec, status } = promotion;
  const close = (): void => setDoing(undefined);
  const person = { username: session?.username ?? "", groups: session?.groups ?? [] };
  const why = whyNotApproved(promotion, person, pipeline);
  const isOpen = !hasEnded(promotion) && status.rejection === undefined;
  return (
    <>
      {isOpen && status.breakGlass === undefined && (
        <GuardedButton
          icon={<Flame />}
          wants={wants(`break-glass/${spec.stage}`)}
          onClick={() => setDoing("break-glass")}
        >
          Break glass…
        </GuardedButton>
      )}
      {isOpen && isBeforeWriting(promotion) && (
        <GuardedButton
          icon={<CircleX />}
          wants={wants(`approve/${spec.stage}`)}
          onClick={() => setDoing("reject")}
        >
          Reject…
        </GuardedButton>
      )}
      {asksForApproval(promotion) && (
        <GuardedButton
          look="primary"
          icon={<ThumbsUp />}
          wants={wants(`approve/${spec.stage}`)}
          disabled={why !== undefined}
          title={why}
          onClick={() => setDoing("approve")}
        >
          Approve…
        </GuardedButton>
      )}
      {doing === "approve" && status.plan !== undefined && (
        <ApproveDialog promotion={promotion} plan={status.plan} onClose={close} />
      )}
      {doing === "reject" && <RejectDialog promotion={promotion} onClose={close} />}
      {doing === "break-glass" && <BreakGlassDialog promotion={promotion} onClose={close} />}
    </>
  );
}
