import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "../../lib/session.ts";
import type { Wanted } from "../settings/parts/guarded-button.tsx";
import type { Pipeline } from "./pipeline.ts";
import { pipelineObject } from "./pipeline.ts";

/** How the policy is asked about something done to a pipeline, or to a stage of it: `promote/prod`. */
export function usePermissionFor(
  pipeline: Pick<Pipeline, "project" | "namespace" | "name">,
): (action: string) => Wanted {
  const { data: settings } = useQuery(settingsQuery);
  const object = pipelineObject(pipeline, settings?.controllerNamespace ?? "argocd");
  return (action) => ["pipelines", action, object];
}
