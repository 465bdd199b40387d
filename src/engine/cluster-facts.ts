import type { Cluster, Discovery } from "#ports/cluster.ts";

/** What charts are told of the cluster that they are for. */
export interface ClusterFacts {
  /** `v1.37.2`. */
  readonly kubeVersion: string;
  /** `apps/v1` and `apps/v1/Deployment`, sorted. */
  readonly apiVersions: readonly string[];
}

/** By discovery: an answer that stands as long as the other, so that a cluster at rest is not asked again. */
const known = new WeakMap<Discovery, ClusterFacts>();

export async function readClusterFacts(
  cluster: Cluster,
  discovery: Discovery,
  signal: AbortSignal,
): Promise<ClusterFacts> {
  const found = known.get(discovery);
  if (found !== undefined) return found;
  const { gitVersion } = await cluster.readVersion(signal);
  const facts = { kubeVersion: gitVersion, apiVersions: apiVersionsOf(discovery) };
  known.set(discovery, facts);
  return facts;
}

function apiVersionsOf({ types }: Discovery): readonly string[] {
  const names = types.flatMap(({ group, version, kind }) => {
    const groupVersion = group === "" ? version : `${group}/${version}`;
    return [groupVersion, `${groupVersion}/${kind}`];
  });
  return [...new Set(names)].toSorted();
}
