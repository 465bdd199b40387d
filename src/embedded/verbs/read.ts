import type { KubeObject } from "#core/object/index.ts";
import { formatApiVersion, labelsOf } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { ServedKind } from "../kinds/served-kind.ts";
import { nameInFieldSelector, parseFieldSelector } from "../select/field-selector.ts";
import { parseLabelSelector } from "../select/label-selector.ts";
import type { StoredObject } from "../storage/store.ts";
import type { Selectors, Target } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { notFound } from "./refusals.ts";

/** An object in the version that is asked for; undefined when there is none. */
export function findObject(
  { store }: ClusterState,
  { kind, namespace, name }: Target,
): StoredObject | undefined {
  const stored = store.read({ resource: kind.resource, namespace: kind.namespaced ? namespace : "", name });
  return stored === undefined ? undefined : inVersion(kind, stored);
}

export function getObject(state: ClusterState, target: Target): StoredObject {
  const found = findObject(state, target);
  if (found === undefined) throw notFound(target);
  return found;
}

/** A stored object as a version of its kind shows it: versions differ in nothing but their name. */
export function inVersion(kind: ServedKind, stored: StoredObject): StoredObject {
  const apiVersion = formatApiVersion(kind.group, kind.version);
  if (stored.object.apiVersion === apiVersion) return stored;
  const object = { ...stored.object, apiVersion };
  return {
    key: stored.key,
    revision: stored.revision,
    object,
    get text() {
      return JSON.stringify(object);
    },
  };
}

/** Whether an object is in a list or watch. */
export function selectorOf(
  kind: ServedKind,
  { labelSelector, fieldSelector }: Selectors,
): (object: KubeObject) => boolean {
  const [labels, fields] = [parseLabelSelector(labelSelector), parseFieldSelector(kind, fieldSelector)];
  return (object) => labels(labelsOf(object)) && fields(object);
}

export function isNamed({ fieldSelector }: Selectors): string | undefined {
  return nameInFieldSelector(fieldSelector);
}

/** A resourceVersion of a request; undefined for none and for `0`, which any state meets. Throws BadRequest for what is none. */
export function parseRevision(text: string): number | undefined {
  if (text === "" || text === "0") return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const value = JSON.stringify(text);
  const why = `strconv.ParseUint: parsing ${value}: invalid syntax`;
  throw new ApiError(
    "BadRequest",
    `invalid resource version: resourceVersion: Invalid value: ${value}: ${why}`,
  );
}
