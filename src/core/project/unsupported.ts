import type { UnsupportedField } from "#core/crd/unsupported.ts";
import { listUnsupported } from "#core/crd/unsupported.ts";
import type { AppProject } from "./types.ts";

/** Fields of a project that are set and not acted on yet. The blocking ones are also problems of `validateProject`. */
export function unsupportedProjectFields(project: AppProject): readonly UnsupportedField[] {
  return listUnsupported(project, "project");
}
