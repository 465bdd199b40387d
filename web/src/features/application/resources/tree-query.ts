import { queryOptions } from "@tanstack/react-query";
import { call } from "../../../lib/api/index.ts";
import type { ApplicationName } from "../application-query.ts";

/** All resources of an application, with what belongs to them. */
export function treeQuery({ namespace, name }: ApplicationName) {
  return queryOptions({
    queryKey: ["tree", namespace, name],
    queryFn: ({ signal }) =>
      call("application.resourceTree", { applicationName: name, appNamespace: namespace }, { signal }),
  });
}
