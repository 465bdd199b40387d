import type { AppProject, CompilePattern } from "#core/project/index.ts";
import { fieldCompiler } from "./matcher.ts";
import { parseProjectRoles } from "./project-roles.ts";
import type { MatchMode, RbacProblem } from "./types.ts";

export interface RoleCheck {
  readonly matchMode: MatchMode;
  readonly compilePattern: CompilePattern;
}

/** What is wrong with the roles of a project; a project with an error must not be written. */
export function validateProjectRoles(project: AppProject, check: RoleCheck): readonly RbacProblem[] {
  return parseProjectRoles(project, fieldCompiler(check.matchMode, check.compilePattern)).problems;
}
