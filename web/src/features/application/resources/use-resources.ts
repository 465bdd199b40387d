import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { follow } from "../../../lib/api/index.ts";
import { useKept } from "../../../lib/use-kept.ts";
import type { Application } from "../application-query.ts";
import type { Resource, Tree } from "./describe-resources.ts";
import { describeResources, keepSame } from "./describe-resources.ts";
import { treeQuery } from "./tree-query.ts";

export type Host = NonNullable<Tree["hosts"]>[number];
const noHosts: readonly Host[] = [];

type Described = readonly Resource[] | undefined;

function keepResources(before: Described, after: Described): Described {
  return before === undefined || after === undefined ? after : keepSame(before, after);
}

export interface LiveResources {
  readonly hosts: readonly Host[];
  /** Undefined until they are known. */
  readonly resources: readonly Resource[] | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** The resources of an application as they are now, kept so by a stream. */
export function useResources(app: Application): LiveResources {
  const { name = "", namespace = "" } = app.metadata ?? {};
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(treeQuery({ namespace, name }));
  const isRead = data !== undefined;
  useEffect(() => {
    if (!isRead) return undefined;
    const stop = new AbortController();
    const { queryKey } = treeQuery({ namespace, name });
    follow(
      "application.watchResourceTree",
      { applicationName: name, appNamespace: namespace },
      {
        signal: stop.signal,
        onAnswer: (tree) => void queryClient.setQueryData(queryKey, tree),
        onEnd: (reason) => {
          if (reason !== undefined) void queryClient.invalidateQueries({ queryKey });
        },
      },
    );
    return () => stop.abort();
  }, [queryClient, namespace, name, isRead]);
  const statuses = app.status?.resources;
  const described = useMemo(
    () => (data === undefined ? undefined : describeResources(data, statuses ?? [])),
    [data, statuses],
  );
  const resources = useKept(described, keepResources);
  return {
    resources,
    hosts: data?.hosts ?? noHosts,
    error: isRead ? null : error,
    retry: () => void refetch(),
  };
}
