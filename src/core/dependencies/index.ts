/**
 * Dependencies between Applications, which `mooring.dev/depends-on` of the dependent names: an automated sync of a new revision, or one that
 * somebody asks for, begins when each of them is Synced and Healthy.
 *
 * - A dependency counts when its status speaks of its spec as it is now, shows no error, nothing is being synced, and the last sync of what it
 *   is compared with has not failed. Where both deploy from the same branch of the same repository it must be at the same revision: what it was
 *   before the commit says nothing.
 * - An Application may depend on those of its own project, and on those of projects whose `mooring.dev/dependents` lets its project in. All
 *   others are for it as if they were not there.
 * - Who depends on itself, be it by way of others, waits for ever and is told so.
 */
export { findCycles } from "./cycles.ts";
export type { Edges } from "./cycles.ts";
export * from "./messages.ts";
export { parseDependencies } from "./parse.ts";
export type { Dependencies } from "./parse.ts";
export { admitsDependents } from "./permission.ts";
export { followedSources, isSameState, judgeDependency, viewDependency } from "./readiness.ts";
export type { FollowedSource } from "./readiness.ts";
