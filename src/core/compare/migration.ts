import { LAST_APPLIED } from "./normalize-desired.ts";
import type { FieldPath, ManagedFieldsEntry } from "#core/merge/index.ts";
import { FieldSet, formatFieldsV1, parseManagedFields, valueAt } from "#core/merge/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewString } from "#core/object/index.ts";

const KUBECTL = "kubectl-client-side-apply";
const LAST_APPLIED_PATH: FieldPath = ["f:metadata", "f:annotations", `f:${LAST_APPLIED}`];

/** An operation of RFC 6902; the same shape as the cluster port's. */
interface MigrationOperation {
  readonly op: "replace";
  readonly path: string;
  readonly value: JsonValue;
}

interface Migration {
  /** True when the object was applied client-side and its ownership has not been taken over yet. */
  readonly needed: boolean;
  /** A patch of managedFields that fails with a conflict when the object has changed; empty when not needed. */
  readonly patch: readonly MigrationOperation[];
}

/**
 * Plans taking over what client-side apply owns (`kubectl apply`, or Argo CD without server-side apply), so that the next
 * server-side apply prunes what has left the configuration. Like client-go's csaupgrade it turns the Update entries of
 * those managers into our Apply entry; unlike it, only what the last-applied annotation holds is taken, so that
 * defaulted fields, which client-side apply owns too, are left alone.
 */
export function planMigration(live: KubeObject, fieldManager: string): Migration {
  const lastApplied = lastAppliedOf(live);
  const entries = parseManagedFields(live);
  if (lastApplied === undefined || !entries.some((entry) => isClientSide(entry, fieldManager))) {
    return { needed: false, patch: [] };
  }
  const value = (live.metadata.managedFields ?? []).filter((_, i) => !isMerged(entries[i], fieldManager));
  const merged = takeOver(entries, { live, lastApplied, fieldManager });
  return {
    needed: true,
    patch: [
      { op: "replace", path: "/metadata/managedFields", value: [...value, formatEntry(merged)] },
      { op: "replace", path: "/metadata/resourceVersion", value: live.metadata.resourceVersion ?? "" },
    ],
  };
}

/** The entries as they will be after the migration; those of the object where none is needed. */
export function migratedEntries(live: KubeObject, fieldManager: string): readonly ManagedFieldsEntry[] {
  const lastApplied = lastAppliedOf(live);
  const entries = parseManagedFields(live);
  if (lastApplied === undefined || !entries.some((entry) => isClientSide(entry, fieldManager)))
    return entries;
  const others = entries.filter((entry) => !isMerged(entry, fieldManager));
  return [...others, takeOver(entries, { live, lastApplied, fieldManager })];
}

interface TakeOver {
  readonly live: KubeObject;
  readonly lastApplied: JsonObject;
  readonly fieldManager: string;
}

/** Sets of another API version are dropped, as csaupgrade does: their paths may mean something else. */
function takeOver(
  entries: readonly ManagedFieldsEntry[],
  { live, lastApplied, fieldManager }: TakeOver,
): ManagedFieldsEntry {
  const own = entries.find((entry) => isOwn(entry, fieldManager));
  const clientSide = entries.filter((entry) => isClientSide(entry, fieldManager));
  const apiVersion =
    own?.apiVersion ?? clientSide.find((entry) => entry.apiVersion === live.apiVersion)?.apiVersion;
  const version = apiVersion ?? clientSide[0]?.apiVersion ?? live.apiVersion;
  const taken = clientSide
    .filter((entry) => entry.apiVersion === version)
    .map((entry) => entry.fields.filter((path) => valueAt(lastApplied, path) !== undefined));
  const fields = [own?.fields ?? new FieldSet(), ...taken].reduce((all, set) => all.union(set));
  return {
    manager: fieldManager,
    operation: "Apply",
    apiVersion: version,
    subresource: "",
    time: own?.time ?? clientSide[0]?.time ?? "",
    fields: fields.union(FieldSet.of(LAST_APPLIED_PATH)),
  };
}

function isOwn(entry: ManagedFieldsEntry, fieldManager: string): boolean {
  return entry.manager === fieldManager && entry.operation === "Apply" && entry.subresource === "";
}

function isClientSide(entry: ManagedFieldsEntry, fieldManager: string): boolean {
  const isKnown =
    entry.manager === KUBECTL || entry.manager === "argocd-controller" || entry.manager === fieldManager;
  return isKnown && entry.operation === "Update" && entry.subresource === "";
}

function isMerged(entry: ManagedFieldsEntry | undefined, fieldManager: string): boolean {
  return entry !== undefined && (isOwn(entry, fieldManager) || isClientSide(entry, fieldManager));
}

function lastAppliedOf(live: KubeObject): JsonObject | undefined {
  const text = viewString(live, "metadata", "annotations", LAST_APPLIED);
  if (text === undefined) return undefined;
  try {
    const parsed = JSON.parse(text) as JsonValue;
    return isJsonObject(parsed) ? parsed : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function formatEntry(entry: ManagedFieldsEntry): JsonObject {
  return {
    manager: entry.manager,
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    ...(entry.time === "" ? {} : { time: entry.time }),
    fieldsType: "FieldsV1",
    fieldsV1: formatFieldsV1(entry.fields),
  };
}
