import { migratedEntries, planMigration } from "./migration.ts";
import { normalizeDesired } from "./normalize-desired.ts";
import { builtInNormalizers } from "./normalize-pair.ts";
import type { ValuePath } from "#core/differences/index.ts";
import { removePaths } from "#core/differences/index.ts";
import type { FieldPath, FieldSchema, ManagedFieldsEntry, PredictedApply } from "#core/merge/index.ts";
import {
  deduced,
  formatFieldPath,
  listDifferences,
  parseManagedFields,
  predictApply,
  settle,
} from "#core/merge/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { redactSecrets } from "#core/redact/index.ts";

/** A field in which the live object is not as desired. */
export interface Drift {
  /** `spec.containers[name="web"].image`; of a missing object the empty string. */
  readonly path: string;
  /** Who owns the live value now, from managedFields; undefined when nobody does. */
  readonly manager?: string;
}

export interface Comparison {
  readonly sync: "Synced" | "OutOfSync";
  readonly drift: readonly Drift[];
  /** What an apply would change although the difference is ignored. */
  readonly ignored: readonly Drift[];
  /** What an apply would leave, for display: a Secret's values are replaced by hashes. Undefined when nothing lives yet. */
  readonly predicted?: KubeObject;
  /** False when only a dry run can tell; `sync` and `drift` are then a best guess. */
  readonly predictable: boolean;
  /** Why it is not predictable. */
  readonly reason?: string;
  /** True when a sync has something to do: drift, ownership to take, or client-side apply to migrate from. */
  readonly needsApply: boolean;
}

interface CompareOptions {
  readonly schema: FieldSchema | undefined;
  readonly fieldManager: string;
  /** The schema by which values are compared, where it is not the one by which they are merged. */
  readonly comparedAs?: FieldSchema;
  /** Keyed hash under which secret values are shown. */
  readonly secretHash: (value: string) => string;
}

export interface CompareInput extends CompareOptions {
  /** After tracking metadata was put on it. */
  readonly desired: KubeObject;
  /** As watched, managedFields included; undefined when it does not exist. */
  readonly live: KubeObject | undefined;
}

/** What is ignored of the two objects that are compared, such as the application's ignoreDifferences. */
export interface IgnoredPaths {
  readonly live: readonly ValuePath[];
  readonly predicted: readonly ValuePath[];
}

export interface Prediction extends PredictedApply {
  /** Fields are to be taken over, or let go, by the next apply. */
  readonly isOwnershipOpen: boolean;
}

/** Predicts what applying the desired object would leave. Asks nobody. */
export function predictObject(
  { desired, schema, fieldManager }: Pick<CompareInput, "desired" | "schema" | "fieldManager">,
  live: KubeObject,
): Prediction {
  const managedFields = migratedEntries(live, fieldManager);
  const prediction = predictApply({
    live,
    desired: normalizeDesired(desired),
    schema,
    fieldManager,
    managedFields,
  });
  const isOwnershipOpen = prediction.ownershipChanged || planMigration(live, fieldManager).needed;
  return { ...prediction, isOwnershipOpen };
}

/** Compares one object with its desired state, by predicting what applying it would change. Asks nobody. */
export function compareObject(input: CompareInput): Comparison {
  const { live } = input;
  if (live === undefined) {
    return { sync: "OutOfSync", drift: [{ path: "" }], ignored: [], predictable: true, needsApply: true };
  }
  return comparePrediction({ ...input, live }, predictObject(input, live));
}

interface CompareLive extends CompareInput {
  readonly live: KubeObject;
}

/** The same with a prediction that was made before, less what is ignored. */
export function comparePrediction(
  input: CompareLive,
  prediction: Prediction,
  ignored?: IgnoredPaths,
): Comparison {
  const { predictable, reason, isOwnershipOpen } = prediction;
  const comparison = compareWith(prediction.object, { ...input, isOwnershipOpen, ignored });
  if (predictable) return comparison;
  return {
    ...comparison,
    sync: "OutOfSync",
    predictable,
    needsApply: true,
    ...(reason !== undefined && { reason }),
  };
}

/**
 * The comparison once the server has answered a dry-run apply of the same desired object: its answer stands in place of
 * the prediction.
 */
export function compareAnswer(input: CompareInput, answer: KubeObject, ignored?: IgnoredPaths): Comparison {
  const { live } = input;
  if (live === undefined) return { ...compareObject(input), predicted: redact(answer, input) };
  const { isOwnershipOpen } = predictObject(input, live);
  return compareWith(answer, { ...input, live, isOwnershipOpen, ignored });
}

interface CompareWith extends CompareLive {
  readonly isOwnershipOpen: boolean;
  readonly ignored: IgnoredPaths | undefined;
}

function compareWith(predicted: KubeObject, input: CompareWith): Comparison {
  const { live, ignored } = input;
  const changes = listDrift({ live, predicted }, input);
  const drift =
    changes.length === 0 || ignored === undefined ? changes : listDrift({ live, predicted, ignored }, input);
  return {
    sync: drift.length > 0 ? "OutOfSync" : "Synced",
    drift,
    ignored: drift === changes ? [] : without(changes, drift),
    predicted: redact(predicted, input),
    predictable: true,
    // That a difference is ignored does not keep a sync from undoing it.
    needsApply: changes.length > 0 || input.isOwnershipOpen,
  };
}

function redact(object: KubeObject, { secretHash }: CompareOptions): KubeObject {
  return redactSecrets(object, { hash: secretHash });
}

function without(changes: readonly Drift[], drift: readonly Drift[]): readonly Drift[] {
  const counted = new Set(drift.map(({ path }) => path));
  return changes.filter(({ path }) => !counted.has(path));
}

interface DriftBetween {
  readonly live: KubeObject;
  readonly predicted: KubeObject;
  readonly ignored?: IgnoredPaths | undefined;
}

function listDrift({ live, predicted, ignored }: DriftBetween, options: CompareOptions): readonly Drift[] {
  if (predicted === live) return [];
  const schema = options.comparedAs ?? options.schema ?? deduced;
  const before = normalized(live, live, ignored?.live);
  const after = settle({ schema, owned: undefined }, before, normalized(predicted, live, ignored?.predicted));
  const entries = parseManagedFields(live);
  return listDifferences(schema, before, after).map(({ path }) => {
    const manager = ownerOf(path, entries);
    return { path: formatFieldPath(path), ...(manager !== undefined && { manager }) };
  });
}

function normalized(object: KubeObject, live: KubeObject, ignored: readonly ValuePath[] = []): JsonValue {
  return builtInNormalizers.reduce<KubeObject>(
    (current, normalize) => normalize(current, live),
    removePaths(object, ignored) as KubeObject,
  );
}

/** The latest writer among those who own the field; for a field that nobody owns by itself, who owns its parent. */
function ownerOf(path: FieldPath, entries: readonly ManagedFieldsEntry[]): string | undefined {
  const latest = entries.toSorted((a, b) => (a.time < b.time ? 1 : -1));
  for (let length = path.length; length > 1; length -= 1) {
    const owner = latest.find(({ fields }) => fields.has(path.slice(0, length)));
    if (owner !== undefined) return owner.manager;
  }
  return undefined;
}
