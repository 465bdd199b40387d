import type { ApplicationSource } from "#core/app/index.ts";
import { formatRevisions, revisionsOf } from "#core/app/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, jsonEqual, viewArray, viewObject, viewPath, viewString } from "#core/object/index.ts";
import { repositoryMatchKey } from "#core/repo/index.ts";
import { annotationKey } from "#core/tracking/index.ts";

/** A source of the dependent and the revision of it that is to be deployed. */
export interface FollowedSource {
  /** The repository and what is followed in it: equal texts are the same branch of the same repository. */
  readonly followed: string;
  readonly revision: string;
}

/** What is followed, by source: charts of one repository have nothing to do with each other, so they are left out. */
export function followedSources(
  sources: readonly ApplicationSource[],
  revisions: readonly string[],
): readonly FollowedSource[] {
  return sources.flatMap((source, i) => {
    const followed = followedOf(source as unknown as JsonValue);
    const revision = revisions[i];
    return followed === undefined || revision === undefined ? [] : [{ followed, revision }];
  });
}

function followedOf(source: JsonValue | undefined): string | undefined {
  const repository = viewString(source, "repoURL") ?? "";
  if (repository === "" || (viewString(source, "chart") ?? "") !== "") return undefined;
  const target = viewString(source, "targetRevision") ?? "";
  const prefix = viewString(source, "tagPrefix") ?? "";
  return `${repositoryMatchKey(repository)} ${target === "" ? "HEAD" : target} ${prefix}`;
}

/** What of a dependency decides whether its dependents may go on. */
interface DependencyState {
  readonly sync: string;
  readonly health: string;
  readonly deleting: boolean;
  /** It is kept to what was deployed before, because what Git wants has failed. */
  readonly isHeld: boolean;
  readonly operation: "none" | "asked for" | "running" | "failed";
  readonly errors: readonly string[];
  /** The status speaks of the spec as it is now. */
  readonly current: boolean;
  readonly sources: readonly FollowedSource[];
}

/** Reads it from the Application as it is; a status that another program wrote is read as far as it makes sense. */
export function viewDependency(object: KubeObject): DependencyState {
  const { spec, status, metadata } = object;
  return {
    sync: viewString(status, "sync", "status") ?? "Unknown",
    health: viewString(status, "health", "status") ?? "Unknown",
    deleting: metadata.deletionTimestamp !== undefined,
    isHeld: metadata.annotations?.[annotationKey.rollbackHold] !== undefined,
    operation: operationOf(object),
    errors: [...new Set(viewArray(status, "conditions").flatMap((one) => errorOf(one)))].toSorted(),
    current: isCurrent(spec, viewPath(status, "sync", "comparedTo")),
    sources: followedIn(spec, revisionsIn(viewObject(status, "sync"))),
  };
}

function errorOf(condition: JsonValue): readonly string[] {
  const type = viewString(condition, "type") ?? "";
  return ["ComparisonError", "InvalidSpecError", "UnknownError", "SyncError"].includes(type) ? [type] : [];
}

function revisionsIn(said: JsonObject): readonly string[] {
  const revisions = viewArray(said, "revisions").filter((one) => typeof one === "string");
  return revisionsOf({ revision: viewString(said, "revision"), revisions });
}

function sourcesIn(spec: JsonValue | undefined): readonly JsonValue[] {
  const listed = viewArray(spec, "sources");
  const single = viewPath(spec, "source");
  return listed.length > 0 ? listed : single === undefined ? [] : [single];
}

function followedIn(spec: JsonValue | undefined, revisions: readonly string[]): readonly FollowedSource[] {
  return sourcesIn(spec).flatMap((source, i) => {
    const followed = followedOf(source);
    return followed === undefined ? [] : [{ followed, revision: revisions[i] ?? "" }];
  });
}

/** What it was compared with is what the spec says: another branch or cluster is another application. */
function isCurrent(spec: JsonValue | undefined, compared: JsonValue | undefined): boolean {
  if (!isJsonObject(compared)) return false;
  const destination = viewPath(compared, "destination") ?? null;
  return (
    jsonEqual(sourcesIn(compared) as JsonValue, sourcesIn(spec) as JsonValue) &&
    jsonEqual(destination, viewPath(spec, "destination") ?? null)
  );
}

/** A failure counts as long as Git has nothing newer: a hook that failed leaves no mark on the objects. */
function operationOf(object: KubeObject): DependencyState["operation"] {
  const state = viewObject(object["status"], "operationState");
  const phase = viewString(state, "phase") ?? "";
  if (phase === "Running" || phase === "Terminating") return "running";
  if (object["operation"] !== undefined) return "asked for";
  if (phase !== "Failed" && phase !== "Error") return "none";
  const tried = revisionsIn(viewObject(state, "syncResult"));
  const compared = revisionsIn(viewObject(object["status"], "sync"));
  const isDryRun = viewPath(state, "operation", "sync", "dryRun") === true;
  return !isDryRun && tried.length > 0 && jsonEqual(tried as JsonValue, compared as JsonValue)
    ? "failed"
    : "none";
}

/** True when nothing has changed that a dependent could wait for. */
export function isSameState(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  const [a, b] = [viewDependency(before), viewDependency(after)];
  return jsonEqual(a as unknown as JsonValue, b as unknown as JsonValue);
}

/** Why a dependent may not go on with what it is to deploy: `OutOfSync, Progressing`; undefined when it may. */
export function judgeDependency(
  dependency: KubeObject,
  wanted: readonly FollowedSource[],
): string | undefined {
  const { sync, health, deleting, isHeld, operation, errors, current, sources } = viewDependency(dependency);
  const reasons = [
    ...(deleting ? ["being deleted"] : []),
    ...(sync === "Synced" && current ? [] : [current ? sync : "not compared with its spec yet"]),
    ...(isHeld && sync !== "Synced" ? ["kept from what Git wants, which failed"] : []),
    ...sources.flatMap(({ followed, revision }) => {
      const other = wanted.find((one) => one.followed === followed && one.revision !== revision);
      return other === undefined
        ? []
        : [`at revision ${revision === "" ? "none" : formatRevisions([revision])}`];
    }),
    ...(health === "Healthy" ? [] : [health]),
    ...(operation === "none"
      ? []
      : [operation === "failed" ? "its last sync failed" : `a sync is ${operation}`]),
    ...errors,
  ];
  return reasons.length === 0 ? undefined : [...new Set(reasons)].join(", ");
}
