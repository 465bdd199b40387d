import { isExpression } from "#core/crd/unsupported.ts";
import type { Denial } from "./denial.ts";
import { denial, passes } from "./denial.ts";
import type { AppProject } from "./types.ts";

export interface ApplicationHome {
  /** The Application's namespace. */
  readonly namespace: string;
  /** The namespace that Mooring runs in; Applications there may use every project. */
  readonly controllerNamespace: string;
}

/**
 * Whether Applications of a namespace may use the project (`spec.sourceNamespaces`). Regular expressions between
 * slashes, which Argo CD accepts there, match nothing; `unsupportedProjectFields` reports them.
 */
export function checkSourceNamespace(
  project: AppProject,
  home: ApplicationHome,
  subject?: string,
): Denial | undefined {
  if (home.namespace === "" || home.namespace === home.controllerNamespace) return undefined;
  const permitted = project.spec.sourceNamespaces ?? [];
  if (permitted.some((entry) => !isExpression(entry) && passes(entry, home.namespace))) return undefined;
  const refused = `Applications in namespace "${home.namespace}" may not use project "${project.metadata.name}"`;
  const fix = "add the namespace to sourceNamespaces";
  return denial(subject, "spec.sourceNamespaces", `${refused} (spec.sourceNamespaces); ${fix}`);
}
