import type { Denial } from "./denial.ts";
import { denial, isDenyPattern, passes } from "./denial.ts";
import type { AppProject, ProjectDestination } from "./types.ts";

/** Where something is to be deployed. */
export interface ProjectTarget {
  /** A `ClusterRecord`: its server, its name, and the project that its Secret names. */
  readonly cluster: { readonly server: string; readonly name: string; readonly project?: string };
  /** The object's own namespace when it has one, else the Application's. */
  readonly namespace: string;
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
  const { cluster, namespace } = target;
  const what = `cluster ${cluster.name} (${cluster.server}) with namespace "${namespace}"`;
  const refused = `${what} is not permitted in project "${name}"`;
  const entries = project.spec.destinations ?? [];
  const ban = entries.map((entry) => findBan(entry, target)).find((found) => found !== undefined);
  if (ban !== undefined) {
    return denial(subject, "spec.destinations", `${refused}: "${ban}" in spec.destinations forbids it`);
  }
  if (!entries.some((entry) => matches(entry, target))) {
    return denial(subject, "spec.destinations", `${refused} (spec.destinations); add it to destinations`);
  }
  if (project.spec.permitOnlyProjectScopedClusters !== true || cluster.project === name) return undefined;
  const rule = "spec.permitOnlyProjectScopedClusters";
  return denial(subject, rule, `${refused} (${rule}); set project: ${name} in the cluster's Secret`);
}

function matches(entry: ProjectDestination, { cluster, namespace }: ProjectTarget): boolean {
  const onCluster =
    (cluster.server !== "" && passes(entry.server ?? "", cluster.server)) ||
    (cluster.name !== "" && passes(entry.name ?? "", cluster.name));
  return onCluster && passes(entry.namespace ?? "", namespace);
}

function findBan(entry: ProjectDestination, { cluster, namespace }: ProjectTarget): string | undefined {
  const pairs = [
    [entry.server, cluster.server],
    [entry.name, cluster.name],
    [entry.namespace, namespace],
  ] as const;
  return pairs.find(([pattern = "", text]) => isDenyPattern(pattern) && !passes(pattern, text))?.[0];
}
