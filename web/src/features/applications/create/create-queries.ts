import { queryOptions } from "@tanstack/react-query";
import { call } from "../../../lib/api/index.ts";

/** Projects with what they permit. */
export const projectsQuery = queryOptions({
  queryKey: ["projects", "for-create"],
  queryFn: ({ signal }) =>
    call(
      "project.list",
      {},
      {
        signal,
        fields: "items.metadata.name,items.spec.sourceRepos,items.spec.destinations,items.spec.description",
      },
    ),
  staleTime: 60_000,
});

/** Clusters that one may deploy to. */
export const clustersQuery = queryOptions({
  queryKey: ["clusters", "for-create"],
  queryFn: ({ signal }) =>
    call("cluster.list", {}, { signal, fields: "items.name,items.server,items.connectionState" }),
  staleTime: 60_000,
});

interface Reached {
  readonly url: string;
  readonly isChart: boolean;
}

/** Whether a repository that is not registered can be read. Throws what stands against it. */
export function accessQuery({ url, isChart }: Reached) {
  return queryOptions({
    queryKey: ["repository-access", url, isChart],
    queryFn: ({ signal }) =>
      call("repository.validateAccess", { repo: url, ...(isChart ? { type: "helm" } : {}) }, { signal }),
    staleTime: 60_000,
    retry: false,
  });
}
