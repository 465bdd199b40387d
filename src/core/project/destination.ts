import type { Denial } from "./denial.ts";
import { denial, isDenyPattern, passes } from "./denial.ts";
import type { AppProject, ProjectDestination } from "./types.ts";

/** Where something is to be deployed, after the cluster was found. */
export interface ProjectTarget {
  readonly server: string;
  readonly name: string;
  /** The object's own namespace when it has one, else the Application's. */
  readonly namespace: string;
  /** The project that the cluster's Secret names, if any. */
  readonly clusterProject?: string;
}

/**
 * Whether the project's Applications may deploy to a cluster and namespace: an entry of `spec.destinations` matches
 * (namespace, and server or name), and no `!` pattern of any entry matches. `*` crosses everything. As in Argo CD, a
 * `!` pattern forbids whatever the other fields of its entry say, and lets everything else pass.
 */
export function checkDestination(
  project: AppProject,
  target: ProjectTarget,
  subject?: string,
): Denial | undefined {
  const { name } = project.metadata;
  const what = `cluster ${target.name} (${target.server}) with namespace "${target.namespace}"`;
  const refused = `${what} is not permitted in project "${name}"`;
  const entries = project.spec.destinations ?? [];
  const ban = entries.map((entry) => findBan(entry, target)).find((found) => found !== undefined);
  if (ban !== undefined) {
    return denial(subject, "spec.destinations", `${refused}: "${ban}" in spec.destinations forbids it`);
  }
  if (!entries.some((entry) => matches(entry, target))) {
    return denial(subject, "spec.destinations", `${refused} (spec.destinations); add it to destinations`);
  }
  if (project.spec.permitOnlyProjectScopedClusters !== true || target.clusterProject === name)
    return undefined;
  const rule = "spec.permitOnlyProjectScopedClusters";
  return denial(subject, rule, `${refused} (${rule}); set project: ${name} in the cluster's Secret`);
}

function matches(entry: ProjectDestination, target: ProjectTarget): boolean {
  const onCluster =
    (target.server !== "" && passes(entry.server ?? "", target.server)) ||
    (target.name !== "" && passes(entry.name ?? "", target.name));
  return onCluster && passes(entry.namespace ?? "", target.namespace);
}

function findBan(entry: ProjectDestination, target: ProjectTarget): string | undefined {
  const pairs = [
    [entry.server, target.server],
    [entry.name, target.name],
    [entry.namespace, target.namespace],
  ] as const;
  return pairs.find(([pattern = "", text]) => isDenyPattern(pattern) && !passes(pattern, text))?.[0];
}
