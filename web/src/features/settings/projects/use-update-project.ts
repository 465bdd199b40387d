import { useQueryClient } from "@tanstack/react-query";
import { call } from "../../../lib/api/index.ts";
import type { Project } from "../queries.ts";

/**
 * Replaces a project, if nobody has changed it since it was read: its `resourceVersion` goes with it. Whether it was taken or not, what is
 * shown is read again.
 */
export function useUpdateProject(): (project: Project) => Promise<void> {
  const queryClient = useQueryClient();
  return async ({ metadata, spec }) => {
    try {
      await call("project.update", { project: { metadata, spec } });
    } finally {
      await queryClient.invalidateQueries({ queryKey: ["projects"] });
    }
  };
}
