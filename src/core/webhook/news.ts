import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewObject, viewString } from "#core/object/index.ts";

/**
 * The ConfigMap by which the server tells the controller that repositories have news: an entry for each repository and revision that
 * Applications follow, with the time of the last news. One write says it for any number of applications, and whoever reads it late or
 * misses a version of it misses nothing.
 */
export const newsName = "mooring-source-news";

/** A repository and a revision as Applications write them. */
export interface FollowedSource {
  readonly repoURL: string;
  /** `targetRevision`; empty when there is none. */
  readonly revision: string;
}

/** One name for both, to look it up by. */
export function followedName({ repoURL, revision }: FollowedSource): string {
  return `${repoURL} ${revision}`;
}

/** What a hydrated Application follows, of one as it was read: what is rendered and what is deployed; none of another Application. */
export function hydratedSources(hydrator: JsonValue | undefined): readonly FollowedSource[] {
  const dry = viewString(hydrator, "drySource", "repoURL");
  const branch = viewString(hydrator, "syncSource", "targetBranch");
  if (dry === undefined || branch === undefined) return [];
  const own = viewString(hydrator, "syncSource", "repoURL") ?? "";
  return [
    { repoURL: dry, revision: viewString(hydrator, "drySource", "targetRevision") ?? "" },
    { repoURL: own === "" ? dry : own, revision: branch },
  ];
}

export interface News extends FollowedSource {
  /** When it was told of, in RFC 3339 with milliseconds; two times that differ are two events. */
  readonly at: string;
}

/** So many entries stay; what is older was acted on long ago. */
export const maxNews = 500;
/** As much text stays: half of what a ConfigMap may hold, since what was just written may not be known yet. */
const maxNewsBytes = 512 * 1024;
/** No address and no revision that leads anywhere is longer. */
const maxFieldBytes = 2048;

/** Whether news of it could be told: one field as long as a ConfigMap would keep all other news from being told. */
export function canBeTold(fields: readonly string[]): boolean {
  return fields.every((field) => field.length <= maxFieldBytes && bytesOf(field) <= maxFieldBytes);
}

/** What an entry takes in the ConfigMap. */
export function newsBytes(news: News): number {
  return bytesOf(JSON.stringify(news));
}

/** In UTF-8, or a little more. */
function bytesOf(text: string): number {
  return text.length + 2 * (text.match(/[\u{80}-\u{10FFFF}]/gu)?.length ?? 0);
}

/** The entries by their keys; what somebody else wrote there is passed over. */
export function parseNews(object: KubeObject | undefined): ReadonlyMap<string, News> {
  const entries = Object.keys(viewObject(object, "data")).flatMap((key) => {
    const news = parseEntry(viewString(object, "data", key) ?? "");
    return news === undefined ? [] : [[key, news] as const];
  });
  return new Map(entries);
}

function parseEntry(text: string): News | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const { repoURL, revision, at } = value;
  const isNews = typeof repoURL === "string" && typeof revision === "string" && typeof at === "string";
  return isNews ? { repoURL, revision, at } : undefined;
}

/** The merge patch of `data` that adds entries, and takes off the oldest where there would be too many. */
export function planNews(
  object: KubeObject | undefined,
  added: ReadonlyMap<string, News>,
): Readonly<Record<string, string | null>> {
  const known = parseNews(object);
  const kept = [...known].filter(([key]) => !added.has(key)).toSorted(([, a], [, b]) => compare(b.at, a.at));
  let places = maxNews - added.size;
  let bytes = maxNewsBytes - sum([...added.values()].map((news) => newsBytes(news)));
  const stays = (news: News): boolean => {
    const own = newsBytes(news);
    if (places <= 0 || own > bytes) return false;
    places -= 1;
    bytes -= own;
    return true;
  };
  const dropped = kept.filter(([, news]) => !stays(news)).map(([key]) => key);
  const foreign = Object.keys(viewObject(object, "data")).filter((key) => !known.has(key) && !added.has(key));
  return Object.fromEntries([
    ...[...dropped, ...foreign].map((key) => [key, null] as const),
    ...[...added].map(([key, news]) => [key, JSON.stringify(news)] as const),
  ]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The ConfigMap with these entries alone; its label has the controller's watch see it. */
export function newsObject(namespace: string, data: JsonObject): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: newsName,
      namespace,
      labels: { "app.kubernetes.io/name": newsName, "app.kubernetes.io/part-of": "argocd" },
    },
    data,
  };
}
