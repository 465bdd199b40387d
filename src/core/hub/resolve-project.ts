import { MooringError } from "#core/errors/index.ts";
import type { AppProject } from "#core/project/index.ts";
import { checkSourceNamespace, withGlobalRules } from "#core/project/index.ts";
import type { ProjectSources, ProjectUser } from "./project-rules.ts";
import { findRulesFor } from "./project-rules.ts";

/** The project of an object of a namespace, with the rules of its global projects. Throws POLICY_FORBIDDEN when the namespace may not use it. */
export function resolveProject(
  user: ProjectUser & { readonly namespace: string },
  sources: ProjectSources,
): AppProject {
  const problems: string[] = [];
  const rules = findRulesFor(user, sources, problems);
  const [problem] = problems;
  if (problem !== undefined) throw new MooringError("POLICY_FORBIDDEN", problem);
  if (rules === undefined) throw new MooringError("POLICY_FORBIDDEN", `${user.subject}: has no project`);
  const project = withGlobalRules(rules.own, rules.globals);
  const { namespace: controllerNamespace, compilePattern } = sources;
  const home = { namespace: user.namespace, controllerNamespace, compilePattern };
  const denied = checkSourceNamespace(project, home, user.subject);
  if (denied !== undefined) throw new MooringError("POLICY_FORBIDDEN", denied.message);
  return project;
}
