import type { Denial } from "./denial.ts";
import { denial, passes } from "./denial.ts";
import type { CompilePattern } from "./expression.ts";
import { expressionOf } from "./expression.ts";
import type { AppProject } from "./types.ts";

export interface ApplicationHome {
  /** The Application's namespace. */
  readonly namespace: string;
  /** The namespace that Mooring runs in; Applications there may use every project. */
  readonly controllerNamespace: string;
  readonly compilePattern: CompilePattern;
}

/**
 * Whether Applications of a namespace may use the project: an entry of `spec.sourceNamespaces`, a glob or between slashes a regular
 * expression, matches it. An expression matches anywhere in the name, as in Argo CD; one that cannot be compiled permits nothing.
 */
export function checkSourceNamespace(
  project: AppProject,
  home: ApplicationHome,
  subject?: string,
): Denial | undefined {
  if (home.namespace === "" || home.namespace === home.controllerNamespace) return undefined;
  const permitted = project.spec.sourceNamespaces ?? [];
  if (permitted.some((entry) => permits(entry, home))) return undefined;
  const refused = `Applications in namespace "${home.namespace}" may not use project "${project.metadata.name}"`;
  const fix = "add the namespace to sourceNamespaces";
  return denial(subject, "spec.sourceNamespaces", `${refused} (spec.sourceNamespaces); ${fix}`);
}

function permits(entry: string, { namespace, compilePattern }: ApplicationHome): boolean {
  const expression = expressionOf(entry);
  if (expression === undefined) return passes(entry, namespace);
  const compiled = compilePattern(expression);
  return !(compiled instanceof Error) && compiled.test(namespace);
}
