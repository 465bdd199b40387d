import type { QueryClient } from "@tanstack/react-query";
import type { ApplicationName } from "./application-query.ts";
import { applicationQuery } from "./application-query.ts";
import type { View } from "./page-search.ts";
import { pipelinesQuery } from "../pipelines/queries.ts";
import { treeQuery } from "./resources/tree-query.ts";

interface Coming {
  readonly queryClient: QueryClient;
  readonly app: ApplicationName;
  readonly view: View;
}

const showsResources: readonly View[] = ["tree", "list", "network", "pods"];

/** Asks for what the page of an application will show while its scripts are loaded: one after the other it would be drawn half a second later. */
export function askEarly({ queryClient, app, view }: Coming): void {
  const { queryKey } = applicationQuery(app);
  // Who was here before sees what was known at once, and the page asks again by itself.
  if (queryClient.getQueryState(queryKey) !== undefined) return;
  void queryClient.prefetchQuery(applicationQuery(app));
  void queryClient.prefetchQuery({ ...pipelinesQuery, retry: false });
  if (showsResources.includes(view)) void queryClient.prefetchQuery(treeQuery(app));
}
