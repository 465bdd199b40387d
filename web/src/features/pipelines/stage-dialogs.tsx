import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../lib/api/index.ts";
import { formatAgo, formatRevision } from "../../lib/format.ts";
import { useNow } from "../common/time.tsx";
import { tell } from "../common/toast.tsx";
import { AskDialog } from "../settings/parts/ask-dialog.tsx";
import { FormDialog } from "../settings/parts/form-dialog.tsx";
import { Choices, SelectField, TextField } from "../settings/parts/inputs.tsx";
import type { Pipeline, Promotion, Stage } from "./pipeline.ts";
import { readPipeline, readPromotion } from "./pipeline.ts";
import { promotionQuery } from "./queries.ts";
import { wasThere } from "./rollback-choices.ts";
import { commitIn } from "./subjects.ts";
import { put } from "./use-live-pipelines.ts";

interface StageDialogProps {
  readonly stage: Stage;
  readonly pipeline: Pipeline;
  readonly promotions: readonly Promotion[];
  readonly onClose: () => void;
}

/** How requests name a stage. */
function placeOf({ stage, pipeline }: Pick<StageDialogProps, "stage" | "pipeline">) {
  return { pipeline: pipeline.name, namespace: pipeline.namespace, stage: stage.name };
}

/** Goes to the promotion that was asked for. */
function useOpen(): (answer: Parameters<typeof readPromotion>[0]) => Promise<void> {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return async (answer) => {
    const promotion = readPromotion(answer);
    const { name, namespace } = promotion;
    queryClient.setQueryData(promotionQuery(promotion).queryKey, promotion);
    await queryClient.invalidateQueries({ queryKey: ["promotions"] });
    await navigate({ to: "/promotions/$namespace/$name", params: { namespace, name } });
  };
}

/** Asks which revision goes to a stage. */
export function PromoteDialog({ stage, pipeline, promotions, onClose }: StageDialogProps) {
  const { candidate } = stage.status;
  const [way, setWay] = useState(candidate === undefined ? "other" : "candidate");
  const [revision, setRevision] = useState("");
  const [reason, setReason] = useState("");
  const open = useOpen();
  const isRevision = /^[0-9a-f]{7,64}$/iu.test(revision.trim());
  const asked = way === "candidate" ? (candidate?.revision ?? "") : revision.trim();
  const known = new Set(
    (pipeline.status.stages ?? [])
      .flatMap((each) => [each.revision, each.candidate?.revision])
      .filter(isText),
  );
  return (
    <FormDialog
      title={`Promote to ${stage.name}`}
      description={`The content of the revision comes to ${stage.spec.branch} when the gates of ${stage.name} agree.`}
      doIt="Promote"
      problem={way === "other" && !isRevision ? "Give the commit, or its first seven digits." : undefined}
      act={async () =>
        open(await call("pipeline.promote", { ...placeOf({ stage, pipeline }), revision: asked, reason }))
      }
      onClose={onClose}
    >
      {candidate !== undefined && (
        <Choices
          label="Revision"
          value={way}
          onChange={setWay}
          options={[
            ["candidate", `The next one, ${formatRevision(candidate.revision)}`],
            ["other", "Another one"],
          ]}
        />
      )}
      {way === "candidate" ? (
        <p>{candidate?.subject ?? commitIn(asked, pipeline, promotions).subject}</p>
      ) : (
        <TextField
          label="Commit"
          value={revision}
          onChange={setRevision}
          isRequired
          hint="Its id, or the first seven digits of one that the pipeline knows."
          suggestions={[...known]}
        />
      )}
      <TextField label="Reason" value={reason} onChange={setReason} hint="Is kept with the promotion." />
    </FormDialog>
  );
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

/** Asks what a stage goes back to. */
export function RollbackDialog({ stage, pipeline, promotions, onClose }: StageDialogProps) {
  const [to, setTo] = useState("");
  const [reason, setReason] = useState("");
  const open = useOpen();
  const nowMs = useNow();
  const earlier = promotions.filter((each) => wasThere(each, stage));
  return (
    <FormDialog
      title={`Roll back ${stage.name}`}
      description={
        <>
          One commit on {stage.spec.branch} undoes what came since. <strong>A hold follows</strong>: what is
          taken back is not promoted to {stage.name} by itself again, until a newer revision is good or
          somebody resumes it.
        </>
      }
      doIt="Roll back"
      act={async () => open(await call("pipeline.rollback", { ...placeOf({ stage, pipeline }), to, reason }))}
      onClose={onClose}
    >
      <SelectField
        label="Back to"
        value={to}
        onChange={setTo}
        options={[
          ["", "What was there before"],
          ...earlier.map((each) => {
            const { subject = "" } = commitIn(each.spec.revision, pipeline, promotions);
            const when = formatAgo(each.status.finishedAt ?? each.createdAt, nowMs);
            return [each.name, `${formatRevision(each.spec.revision)} ${subject} (${when})`] as const;
          }),
        ]}
      />
      <TextField
        label="Reason"
        value={reason}
        onChange={setReason}
        hint="Is in the commit and in the hold."
      />
    </FormDialog>
  );
}

/** Asks why automation is to stop. */
export function HoldDialog({ stage, pipeline, onClose }: StageDialogProps) {
  const [reason, setReason] = useState("");
  const queryClient = useQueryClient();
  return (
    <FormDialog
      title={`Hold ${stage.name}`}
      description={`Nothing is promoted to ${stage.name} until somebody resumes it. What is deployed stays.`}
      doIt="Hold"
      problem={reason.trim() === "" ? "Say why." : undefined}
      act={async () => {
        put(
          queryClient,
          readPipeline(await call("pipeline.hold", { ...placeOf({ stage, pipeline }), reason })),
        );
        tell(`${stage.name} is held.`);
      }}
      onClose={onClose}
    >
      <TextField label="Reason" value={reason} onChange={setReason} isRequired />
    </FormDialog>
  );
}

export function ResumeDialog({ stage, pipeline, onClose }: StageDialogProps) {
  const queryClient = useQueryClient();
  const { hold } = stage.status;
  return (
    <AskDialog
      title={`Resume ${stage.name}?`}
      doIt="Resume"
      isDanger={false}
      act={async () =>
        put(queryClient, readPipeline(await call("pipeline.resume", placeOf({ stage, pipeline }))))
      }
      done={`${stage.name} goes on.`}
      onClose={onClose}
    >
      {hold !== undefined && (
        <p>
          {hold.by} held it: {hold.reason}
        </p>
      )}
      <p>Revisions that were held back may be promoted to it again.</p>
    </AskDialog>
  );
}
