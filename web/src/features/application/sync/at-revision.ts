import { isSame, isRecord } from "../is-same.ts";
import type { Managed } from "./preview.ts";
import { isHook, parseState } from "./preview.ts";

/**
 * The objects as they would be managed if Git said what these manifests say, in place of what it says at the target revision. What another
 * revision would make of a live object nobody has computed, so it is compared with what Git wants of it now.
 */
export function managedAt(manifests: readonly string[], managed: readonly Managed[]): readonly Managed[] {
  const known = new Map(managed.map((item) => [keyOf(item), item]));
  const wanted = manifests.flatMap((text): readonly Managed[] => {
    const object = parseState(text);
    if (object === undefined) return [];
    const item = itemOf(object);
    const before = known.get(keyOf(item));
    known.delete(keyOf(item));
    if (isHook(object)) return [{ ...item, hook: true, targetState: text }];
    const isLive = parseState(before?.liveState) !== undefined;
    const isOther = !isSame(parseState(before?.targetState), object);
    return [
      {
        ...item,
        targetState: text,
        liveState: before?.liveState ?? "null",
        normalizedLiveState: isLive
          ? isOther
            ? textOf(before)
            : (before?.normalizedLiveState ?? "null")
          : "null",
        predictedLiveState: isOther || !isLive ? text : (before?.predictedLiveState ?? "null"),
        modified: !isLive || isOther || before?.modified === true,
      },
    ];
  });
  const left = [...known.values()]
    .filter(({ hook, liveState }) => hook !== true && parseState(liveState) !== undefined)
    .map((item) => ({ ...item, targetState: "", predictedLiveState: "null", modified: true }));
  return [...wanted, ...left];
}

/** What Git wants now, or what lives where it wants nothing. */
function textOf(item: Managed | undefined): string {
  return parseState(item?.targetState) === undefined
    ? (item?.normalizedLiveState ?? "null")
    : (item?.targetState ?? "null");
}

function keyOf({ group = "", kind = "", namespace = "", name = "" }: Managed): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

function itemOf(object: Readonly<Record<string, unknown>>): Managed {
  const { apiVersion, kind, metadata } = object;
  const named = isRecord(metadata) ? metadata : {};
  const version = typeof apiVersion === "string" ? apiVersion : "";
  return {
    group: version.includes("/") ? (version.split("/")[0] ?? "") : "",
    kind: typeof kind === "string" ? kind : "",
    namespace: typeof named["namespace"] === "string" ? named["namespace"] : "",
    name: typeof named["name"] === "string" ? named["name"] : "",
  };
}
