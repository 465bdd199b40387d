/**
 * Going back by itself from a revision that failed, for Applications that ask for it with `mooring.dev/rollback-on-failure`.
 *
 * A deployment that stayed Healthy for the time of grace is noted (`mooring.dev/last-healthy`). When the sync of another revision fails, or the
 * application is Degraded after it or not Healthy at the deadline, a hold is written (`mooring.dev/rollback-hold`), and then the noted
 * deployment is synced as an entry of the history is. While the hold stands, automated syncs and self-heals keep to it. It stands
 * until what Git wants renders to something else than what failed, or somebody lifts it. One hold is one attempt to go back: nothing loops.
 *
 * Both notes are annotations, because an Application's status belongs to Argo CD's shape, and its CRD drops what it does not know.
 */
export * from "./judge.ts";
export * from "./messages.ts";
export * from "./record.ts";
export * from "./settings.ts";
export * from "./target.ts";
