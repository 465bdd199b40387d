import type { AppProject } from "#core/project/index.ts";
import type { CompiledPolicy } from "./compile-policy.ts";
import type { Permissions } from "./permissions.ts";
import { createPermissions } from "./permissions.ts";
import { parseProjectRoles } from "./project-roles.ts";
import type { RuleBook } from "./rule-book.ts";
import { bookOf } from "./rule-book.ts";
import type { AccessRequest, AccessSubject, Decision } from "./types.ts";

/** A compiled policy together with the projects of one moment; whatever of them changes, a new one is made. */
export interface Enforcer {
  enforce(subject: AccessSubject, request: AccessRequest): Decision;
  /** For many questions of one asker: made once for each request to the API. */
  permissionsFor(subject: AccessSubject): Permissions;
}

export interface EnforcerInput {
  readonly policy: CompiledPolicy;
  /** Projects of the control plane's namespace by name. */
  readonly projects: ReadonlyMap<string, AppProject>;
}

/** Project roles are read when something of their project is asked for, so an enforcer is made quickly. */
export function createEnforcer({ policy, projects }: EnforcerInput): Enforcer {
  const books = new Map<string, RuleBook>();
  const bookOfProject = (name: string): RuleBook | undefined => {
    const known = books.get(name);
    if (known !== undefined) return known;
    const project = projects.get(name);
    if (project === undefined) return undefined;
    const { rules, memberships } = parseProjectRoles(project, policy.compile);
    const book = bookOf(rules, memberships);
    books.set(name, book);
    return book;
  };
  const permissionsFor = (subject: AccessSubject) => createPermissions({ policy, bookOfProject, subject });
  return {
    permissionsFor,
    enforce: (subject, request) => permissionsFor(subject).explain(request),
  };
}
