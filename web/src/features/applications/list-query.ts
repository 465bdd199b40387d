import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import type { AnswerOf, RequestOf } from "../../lib/api/index.ts";
import { call } from "../../lib/api/index.ts";
import type { ListSearch } from "./list-search.ts";

export type Application = NonNullable<AnswerOf<"application", "list">["items"]>[number];
export type ListPage = AnswerOf<"application", "list">;

const pageSize = 100;

/** What a row needs, and nothing else: of ten thousand applications the rest would be megabytes. */
const parts = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "metadata.labels",
  "metadata.creationTimestamp",
  "metadata.deletionTimestamp",
  "metadata.resourceVersion",
  "spec",
  "operation.sync.revision",
  "status.sync.status",
  "status.sync.revision",
  "status.sync.revisions",
  "status.health",
  "status.conditions",
  "status.reconciledAt",
  "status.operationState.phase",
  "status.operationState.message",
  "status.operationState.startedAt",
  "status.operationState.finishedAt",
];

const listFields = ["metadata", "counts", ...parts.map((part) => `items.${part}`)].join(",");
export const watchFields = ["result.type", ...parts.map((part) => `result.application.${part}`)].join(",");

/** The part of a query that says which applications, as lists and watches understand it. */
export function filterOf(search: ListSearch): RequestOf<"application", "list"> {
  const { text, sync, health, project, cluster, namespace, repo, labels, automated } = search;
  return {
    ...(text === undefined ? {} : { text }),
    ...(sync === undefined ? {} : { syncStatus: sync }),
    ...(health === undefined ? {} : { healthStatus: health }),
    ...(project === undefined ? {} : { projects: project }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(repo === undefined ? {} : { repo }),
    ...(labels === undefined ? {} : { selector: labels }),
    ...(automated === undefined ? {} : { automated }),
  } as RequestOf<"application", "list">;
}

/** The applications of a search, page by page, with the counts of all. */
export function listQuery(search: ListSearch) {
  const { look: _look, favourites: _favourites, ...asked } = search;
  return infiniteQueryOptions({
    queryKey: ["applications", asked],
    queryFn: ({ pageParam, signal }) =>
      call(
        "application.list",
        {
          ...filterOf(search),
          limit: pageSize,
          sort: search.sort ?? "name",
          ...(pageParam === "" ? { counts: true } : { continue: pageParam }),
        },
        { signal, fields: listFields },
      ),
    initialPageParam: "",
    getNextPageParam: (page) => {
      const next = page.metadata?.continue ?? "";
      return next === "" ? undefined : next;
    },
    placeholderData: keepPreviousData,
  });
}

export function keyOf({ metadata }: Application): string {
  return `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
}

/** Writes what a stream told into every list that holds the application; what is in none changes nothing. */
export function putApplications(queryClient: QueryClient, changed: ReadonlyMap<string, Application>): void {
  queryClient.setQueriesData<InfiniteData<ListPage, string>>({ queryKey: ["applications"] }, (data) => {
    if (data === undefined) return data;
    let isChanged = false;
    const pages = data.pages.map((page) => {
      if (page.items?.some((item) => changed.has(keyOf(item))) !== true) return page;
      isChanged = true;
      return { ...page, items: page.items.map((item) => changed.get(keyOf(item)) ?? item) };
    });
    return isChanged ? { ...data, pages } : data;
  });
}
