import type { BuildEnvironment } from "./build-environment.ts";
import type { PathContext } from "./paths.ts";
import type { SourceSettings } from "./source-settings.ts";
import type { ToolName } from "./tool-choice.ts";

/** What the meaning of a source depends on besides itself. */
export interface SourceContext extends PathContext {
  readonly tool: ToolName;
  readonly environment: BuildEnvironment;
  readonly settings: SourceSettings;
  /** Default of `helm.releaseName`: the Application's name. */
  readonly releaseName: string;
  /** Default of `helm.namespace`: the destination's. */
  readonly namespace: string;
  /** Of the target cluster, `v1.37.2`. */
  readonly kubeVersion: string;
  /** Of the target cluster, as `apps/v1` and `apps/v1/Deployment`. */
  readonly apiVersions: readonly string[];
}
