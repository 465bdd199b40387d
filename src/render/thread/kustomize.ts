import type { KustomizeSource } from "#ports/renderer.ts";
import { callEngine } from "./engine/call-engine.ts";
import { openRoot } from "./open-root.ts";
import { readReply } from "./read-reply.ts";
import type { ToolContext, ToolOutput } from "./tool.ts";

/** What `kustomize build` prints after the edits, in its order. */
export function renderKustomize(context: ToolContext, source: KustomizeSource): ToolOutput {
  const { edits, buildOptions, kubeVersion, apiVersions } = source;
  const path = openRoot(context);
  const { tenant } = context.job;
  const request = { render: "kustomize", path, tenant, edits, buildOptions, kubeVersion, apiVersions };
  return readReply(context, "Kustomize", callEngine(context, "render", request));
}
