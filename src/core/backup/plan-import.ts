import { withEncodedData } from "#core/accounts/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { annotationsOf, isJsonObject, jsonEqual, labelsOf } from "#core/object/index.ts";
import { annotationKey, defaultInstanceLabelKey } from "#core/tracking/index.ts";
import type { BackupObject } from "./check-object.ts";

export interface ImportRules {
  /** An operation that runs, or waits, is taken off. */
  readonly stopOperation: boolean;
  /** Objects that are tracked by an Application here stay so. */
  readonly ignoreTracking: boolean;
}

export type ImportAction =
  | { readonly verb: "create"; readonly object: KubeObject }
  | { readonly verb: "update"; readonly object: KubeObject; readonly fields: readonly string[] }
  | { readonly verb: "unchanged" };

/**
 * What importing an object does: labels, annotations, finalizers and content become those of the backup, and the status of Applications and
 * ApplicationSets where the backup has one. Everything else of what lives stays, the resource version as the precondition of the update included.
 */
export function planImport(
  backup: BackupObject,
  live: KubeObject | undefined,
  rules: ImportRules,
): ImportAction {
  const wanted = backup.kind === "Secret" ? (withEncodedData(backup) as BackupObject) : backup;
  if (live === undefined) {
    const { operation: _operation, ...rest } = wanted;
    return { verb: "create", object: rules.stopOperation ? (rest as KubeObject) : wanted };
  }
  const object = updated(wanted, live, rules);
  const fields = changedFields(live, object);
  return fields.length === 0 ? { verb: "unchanged" } : { verb: "update", object, fields };
}

function updated(backup: BackupObject, live: KubeObject, rules: ImportRules): KubeObject {
  const metadata = {
    ...live.metadata,
    labels: labelsFor(backup, live, rules),
    annotations: annotationsFor(backup, live, rules),
    finalizers: backup.metadata.finalizers ?? [],
  };
  return { ...live, metadata, ...contentOf(backup, live, rules) };
}

function contentOf(backup: BackupObject, live: KubeObject, { stopOperation }: ImportRules): JsonObject {
  switch (backup.kind) {
    case "ConfigMap":
    case "Secret":
      return { data: backup["data"] ?? {}, ...maybe("binaryData", backup["binaryData"]) };
    case "AppProject":
      return { spec: backup["spec"] ?? {} };
    case "Application":
    case "ApplicationSet":
      return {
        spec: backup["spec"] ?? {},
        ...maybe("status", backup["status"] ?? live["status"]),
        ...(stopOperation ? { operation: undefined } : {}),
      };
    default:
      throw new Error(`unhandled kind: ${JSON.stringify(backup.kind satisfies never)}`);
  }
}

function maybe(field: string, value: JsonValue | undefined): JsonObject {
  return value === undefined ? {} : { [field]: value };
}

function annotationsFor(backup: BackupObject, live: KubeObject, { ignoreTracking }: ImportRules) {
  const annotations = annotationsOf(backup);
  const key = annotationKey.trackingId;
  return ignoreTracking ? keepTracked(annotations, annotationsOf(live), key) : annotations;
}

function labelsFor(backup: BackupObject, live: KubeObject, { ignoreTracking }: ImportRules) {
  const labels = labelsOf(backup);
  return ignoreTracking ? keepTracked(labels, labelsOf(live), defaultInstanceLabelKey) : labels;
}

function keepTracked(
  wanted: Readonly<Record<string, string>>,
  live: Readonly<Record<string, string>>,
  key: string,
): Readonly<Record<string, string>> {
  const value = live[key];
  return value === undefined || wanted[key] === undefined ? wanted : { ...wanted, [key]: value };
}

const metadataFields = ["labels", "annotations", "finalizers"] as const;
const contentFields = ["data", "binaryData", "spec", "status", "operation"];
const deepFields: readonly string[] = ["data", "binaryData", "spec", "labels", "annotations"];

/** Times at which a controller looked: they change all the time and mean nothing. */
const passingFields = ["reconciledAt", "observedAt"];

/** The fields that an import changes, by path and without values. */
export function changedFields(before: KubeObject, after: KubeObject): readonly string[] {
  return [
    ...metadataFields.flatMap((field) =>
      changesOf(field, "metadata.", [before.metadata[field], after.metadata[field]]),
    ),
    ...contentFields.flatMap((field) => changesOf(field, "", [before[field], after[field]])),
  ];
}

type Sides = readonly [before: JsonValue | undefined, after: JsonValue | undefined];

function changesOf(field: string, prefix: string, sides: Sides): readonly string[] {
  const [before, after] = sides.map((side) => comparable(field, side));
  if (jsonEqual(before, after)) return [];
  const path = `${prefix}${field}`;
  if (!deepFields.includes(field) || !isJsonObject(before) || !isJsonObject(after)) return [path];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return keys
    .filter((key) => !jsonEqual(before[key], after[key]))
    .map((key) => (field === "spec" ? `${path}.${key}` : `${path}[${key}]`));
}

/** Empty is as good as missing. */
function comparable(field: string, value: JsonValue | undefined): JsonValue | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  if (!isJsonObject(value)) return value;
  const kept =
    field === "status"
      ? Object.fromEntries(Object.entries(value).filter(([key]) => !passingFields.includes(key)))
      : value;
  return Object.keys(kept).length === 0 ? undefined : kept;
}
