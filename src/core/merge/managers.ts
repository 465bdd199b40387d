import { decodeFields, decodeStoredFields, encodeFields } from "./encoded-fields.ts";
import type { FieldSet } from "./field-set.ts";
import type { ManagedFieldsEntry } from "./managed-fields.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, jsonEqual, viewString } from "#core/object/index.ts";

/** Who owns what of one object, by `managerId`. */
export type Managers = ReadonlyMap<string, ManagedFieldsEntry>;

type ManagerIdentity = Omit<ManagedFieldsEntry, "time" | "fields">;

/** What tells a manager's entries apart: appliers have one whatever the version, updaters one for each. */
export function managerId(entry: ManagerIdentity): string {
  const { manager, operation, apiVersion, subresource } = entry;
  return JSON.stringify({
    ...(manager === "" ? {} : { manager }),
    operation,
    ...(operation === "Apply" || apiVersion === "" ? {} : { apiVersion }),
    ...(subresource === "" ? {} : { subresource }),
  });
}

/** Entries as they are stored, so that those that stay as they are stay the same objects. */
const stored = new WeakMap<ManagedFieldsEntry, JsonObject>();

/** The managers of a stored object; undefined when the API server would refuse to read them. */
export function managersOf(object: KubeObject | undefined): Managers | undefined {
  return decodeManagers(object?.metadata.managedFields ?? [], (entry) => {
    const decoded = decodeEntry(entry, decodeStoredFields);
    if (decoded !== undefined) stored.set(decoded, entry);
    return decoded;
  });
}

/** The managers that `metadata.managedFields` names; undefined when the API server would refuse to read them. */
export function decodeManagers(
  encoded: readonly JsonValue[],
  decode: EntryDecoder = (entry) => decodeEntry(entry, decodeFields),
): Managers | undefined {
  const managers = new Map<string, ManagedFieldsEntry>();
  for (const value of encoded) {
    const entry = isJsonObject(value) ? decode(value) : undefined;
    if (entry === undefined) return undefined;
    managers.set(managerId(entry), entry);
  }
  return managers;
}

type EntryDecoder = (entry: JsonObject) => ManagedFieldsEntry | undefined;
type FieldsDecoder = (fieldsV1: JsonValue) => FieldSet | undefined;

function decodeEntry(entry: JsonObject, decode: FieldsDecoder): ManagedFieldsEntry | undefined {
  const { operation, fieldsType } = entry;
  const id = idOf(entry);
  if (operation !== id.operation || id.apiVersion === "" || fieldsType !== "FieldsV1") return undefined;
  const fields = decode(entry["fieldsV1"] ?? {});
  return fields && { ...id, time: viewString(entry, "time") ?? "", fields };
}

function idOf(entry: JsonObject): ManagerIdentity {
  return {
    manager: viewString(entry, "manager") ?? "",
    operation: entry["operation"] === "Apply" ? "Apply" : "Update",
    apiVersion: viewString(entry, "apiVersion") ?? "",
    subresource: viewString(entry, "subresource") ?? "",
  };
}

/** The object with these managers in `metadata.managedFields`, and without the field when there are none. */
export function withManagers(object: KubeObject, managers: Managers): KubeObject {
  const { managedFields: _old, ...metadata } = object.metadata;
  if (managers.size === 0) return { ...object, metadata };
  const managedFields = [...managers.values()].toSorted(byAge).map((entry) => encodeEntry(entry));
  return { ...object, metadata: { ...metadata, managedFields } };
}

/** Appliers first, then the oldest, then by name. */
function byAge(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return (
    order(a.operation, b.operation) ||
    order(seconds(a), seconds(b)) ||
    order(a.manager, b.manager) ||
    order(a.apiVersion, b.apiVersion) ||
    order(a.subresource, b.subresource)
  );
}

export function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Times are in UTC, so their texts sort as they do. */
export function seconds({ time }: ManagedFieldsEntry): string {
  return time.slice(0, "2026-01-01T00:00:00".length);
}

function encodeEntry(entry: ManagedFieldsEntry): JsonObject {
  const asStored = stored.get(entry);
  if (asStored !== undefined) return asStored;
  const { manager, operation, apiVersion, time, fields, subresource } = entry;
  return {
    ...(manager === "" ? {} : { manager }),
    operation,
    apiVersion,
    ...(time === "" ? {} : { time }),
    fieldsType: "FieldsV1",
    fieldsV1: encodeFields(fields),
    ...(subresource === "" ? {} : { subresource }),
  };
}

/** True for a list that asks to forget all managers: empty, or one entry without anything in it. */
export function isManagersReset(encoded: readonly JsonValue[] | undefined): boolean {
  if (encoded === undefined) return false;
  const [first] = encoded;
  return (
    encoded.length === 0 || (encoded.length === 1 && isJsonObject(first) && Object.keys(first).length === 0)
  );
}

/**
 * `next` with the times that its managers had in `live`, when times are all that differs: a write that changes nothing
 * leaves nothing behind. To be called once the object is complete, with all its defaults.
 */
export function keepTimes(live: KubeObject | undefined, next: KubeObject): KubeObject {
  const [old, now] = [live?.metadata.managedFields, next.metadata.managedFields];
  if (live === undefined || old === undefined || old.length !== now?.length) return next;
  // Nothing to keep: the object need not be compared, as it often was already.
  if (now.every((entry, i) => entry["time"] === old[i]?.["time"])) return next;
  const timed = now.map((entry, i) => withTime(entry, old[i]?.["time"]));
  const kept: KubeObject = { ...next, metadata: { ...next.metadata, managedFields: timed } };
  const { resourceVersion } = live.metadata;
  const asLive = { ...kept, metadata: { ...kept.metadata, resourceVersion } } as KubeObject;
  return jsonEqual(live, asLive) ? kept : next;
}

function withTime(entry: JsonObject, time: JsonValue | undefined): JsonObject {
  if (entry["time"] === time) return entry;
  const { time: _old, ...timeless } = entry;
  return time === undefined ? timeless : { ...timeless, time };
}
