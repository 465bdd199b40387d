/**
 * Who may do what: Argo CD's RBAC. A policy is lines of CSV: `p, subject, resource, action, object, allow|deny` gives or takes, `g, member, role`
 * makes a member (a user, a group, a role) have what a role has, over at most ten steps.
 *
 * A request is judged for each name of the asker alone: first the role of `policy.default`, then the own name, then each group that a `g` line or a
 * project role names. A name is allowed what one of its lines allows and none of its lines denies; one name that is allowed is enough, so
 * a denial does not reach what another name has.
 *
 * A pattern is a glob of the whole text in which `*` also stands for `/`, or with `policy.matchMode: regex` an expression that matches
 * anywhere. Subjects and roles are compared whole.
 *
 * The roles of a project are asked only about what belongs to that project. A line with a mistake never opens anything.
 */
export { anonymous, subjectOfClaims } from "./claims.ts";
export * from "./compile-policy.ts";
export * from "./config.ts";
export * from "./enforcer.ts";
export * from "./format.ts";
export * from "./objects.ts";
export type * from "./types.ts";
export * from "./validate.ts";
export { isAction, projectResources, resourceNamed, resources, actionsOf } from "./vocabulary.ts";
