import { MooringError } from "#core/errors/index.ts";
import type { ToolContext } from "./tool.ts";

/** The render's directory without symbolic links; throws RENDER_PATH_NOT_FOUND naming path and revision. */
export function openRoot({ files, job }: ToolContext): string {
  const name = job.path === "" ? "." : job.path;
  const resolved = files.resolve(job.path);
  if (resolved === undefined) {
    throw new MooringError(
      "RENDER_PATH_NOT_FOUND",
      `${name}: app path does not exist in revision ${job.revision}; correct the path or add the directory`,
    );
  }
  if (resolved.entry.type !== "directory") {
    throw new MooringError(
      "RENDER_PATH_NOT_FOUND",
      `${name}: app path is not a directory in revision ${job.revision}; use the directory that holds the manifests`,
    );
  }
  return resolved.path;
}
