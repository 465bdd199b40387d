import type { AnswerOf } from "../../../lib/api/index.ts";
import { isRecord } from "../is-same.ts";

type Managed = NonNullable<AnswerOf<"application", "managedResources">["items"]>[number];
export type JsonRecord = Readonly<Record<string, unknown>>;

/** An object before and after a sync; undefined where it does not exist. */
export interface Sides {
  readonly before: JsonRecord | undefined;
  readonly after: JsonRecord | undefined;
}

/** `group/kind/namespace/name`. */
export function keyOf({ group = "", kind = "", namespace = "", name = "" }: Managed): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** An object as the API writes it: `null` and nothing stand for none. */
export function parseState(text: string | undefined): JsonRecord | undefined {
  if (text === undefined || text === "" || text === "null") return undefined;
  const value: unknown = JSON.parse(text);
  return isRecord(value) ? value : undefined;
}

/** What a sync of what Git wants now would make of an object. */
export function sidesOf(item: Managed): Sides {
  if (item.hook === true) return { before: undefined, after: parseState(item.targetState) };
  return {
    before: declared(parseState(item.normalizedLiveState)),
    after: declared(parseState(item.predictedLiveState)),
  };
}

/** The same of another revision, compared with what Git wants now: what it would make of the live object nobody has computed. */
export function sidesAt(item: Managed | undefined, manifest: JsonRecord | undefined): Sides {
  const wanted = parseState(item?.targetState) ?? declared(parseState(item?.normalizedLiveState));
  const isLive = parseState(item?.liveState) !== undefined;
  return { before: isLive ? wanted : undefined, after: manifest };
}

/** The manifest of an object among those that a revision renders to. */
export function manifestOf(manifests: readonly string[], key: string): JsonRecord | undefined {
  return manifests
    .map((text) => parseState(text))
    .find((object) => object !== undefined && isAt(object, key));
}

/** By group, kind and name, and by namespace where the manifest says one: the destination's is not written into it. */
function isAt({ apiVersion, kind, metadata }: JsonRecord, key: string): boolean {
  const [group, wantedKind, namespace, name] = key.split("/");
  const version = typeof apiVersion === "string" ? apiVersion : "";
  const named = isRecord(metadata) ? metadata : {};
  return (
    (version.includes("/") ? version.split("/")[0] : "") === group &&
    kind === wantedKind &&
    named["name"] === name &&
    (named["namespace"] ?? namespace) === namespace
  );
}

const serverFields = [
  "creationTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** An object without what the server writes by itself, which says nothing of a sync. */
export function declared(object: JsonRecord | undefined): JsonRecord | undefined {
  if (object === undefined) return undefined;
  const { status: _status, metadata, ...rest } = object;
  if (!isRecord(metadata)) return rest;
  const kept = Object.entries(metadata).filter(([name]) => !serverFields.includes(name));
  return { ...rest, metadata: Object.fromEntries(kept) };
}
