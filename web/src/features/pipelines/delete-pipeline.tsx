import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../lib/api/index.ts";
import { FormDialog } from "../settings/parts/form-dialog.tsx";
import { TextField } from "../settings/parts/inputs.tsx";
import type { PipelineName } from "./queries.ts";
import { pipelineQuery, pipelinesQuery } from "./queries.ts";

interface DeletePipelineProps {
  readonly name: PipelineName;
  readonly onClose: () => void;
}

/** Asks for the name before a pipeline is deleted. */
export function DeletePipeline({ name: { namespace, name }, onClose }: DeletePipelineProps) {
  const [typed, setTyped] = useState("");
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const remove = async (): Promise<void> => {
    await call("pipeline.delete", { namespace, name });
    await navigate({ to: "/pipelines" });
    queryClient.removeQueries({ queryKey: pipelineQuery({ namespace, name }).queryKey });
    await queryClient.invalidateQueries({ queryKey: pipelinesQuery.queryKey });
  };
  return (
    <FormDialog
      title={`Delete ${name}`}
      description="The pipeline goes with all its promotions, and with who approved them. Its branches, its applications and what is deployed stay; nothing keeps the applications from being synced then."
      doIt="Delete"
      problem={typed === name ? undefined : "Type the name first."}
      act={remove}
      done={`The pipeline ${name} was deleted.`}
      onClose={onClose}
      isDanger
    >
      <TextField label={`Type ${name} to delete it`} value={typed} onChange={setTyped} />
    </FormDialog>
  );
}
