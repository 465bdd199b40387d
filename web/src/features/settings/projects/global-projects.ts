import { queryOptions } from "@tanstack/react-query";
import { call } from "../../../lib/api/index.ts";

/** The global projects whose rules a project has besides its own. */
export const globalProjectsQuery = (name: string) =>
  queryOptions({
    queryKey: ["projects", name, "globals"],
    queryFn: async ({ signal }) =>
      (await call("project.getGlobalProjects", { name }, { signal })).items ?? [],
  });
