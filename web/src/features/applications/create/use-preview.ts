import { useMutation } from "@tanstack/react-query";
import { call } from "../../../lib/api/index.ts";
import type { MadePlan } from "../../application/sync/plan-steps.ts";
import type { Errors, Manifest } from "./new-manifest.ts";
import { sortErrors } from "./preview-errors.ts";

export interface Preview {
  /** The plan of the first sync, as it was asked for last; undefined when there is none. */
  readonly made: MadePlan | undefined;
  /** What the server finds wrong, by field, until the application is changed. */
  readonly errors: Errors;
  readonly others: readonly string[];
  readonly isPending: boolean;
  /** The application was changed after it was planned. */
  readonly isOld: boolean;
  readonly look: () => void;
}

/** Asks the server what an application would deploy before it exists. */
export function usePreview(manifest: Manifest): Preview {
  const { data, error, isPending, variables, mutate } = useMutation({
    mutationFn: (application: Manifest) => call("plan.preview", { application }),
  });
  const isOld = variables !== undefined && variables !== manifest;
  const said = error === null || isOld ? "" : error.message;
  const { errors, others } =
    said === "" ? { errors: {}, others: [] } : sortErrors(said, manifest.metadata?.name ?? "");
  return { made: data, errors, others, isPending, isOld, look: () => mutate(manifest) };
}
