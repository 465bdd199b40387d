import { migratedEntries, planMigration } from "./migration.ts";
import { normalizeDesired } from "./normalize-desired.ts";
import type { Normalizer } from "./normalize-pair.ts";
import { builtInNormalizers } from "./normalize-pair.ts";
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
  /** Beyond the built-in ones, such as the application's ignoreDifferences. */
  readonly normalizers?: readonly Normalizer[];
  /** Keyed hash under which secret values are shown. */
  readonly secretHash: (value: string) => string;
}

export interface CompareInput extends CompareOptions {
  /** After tracking metadata was put on it. */
  readonly desired: KubeObject;
  /** As watched, managedFields included; undefined when it does not exist. */
  readonly live: KubeObject | undefined;
}

/** Compares one object with its desired state, by predicting what applying it would change. Asks nobody. */
export function compareObject(input: CompareInput): Comparison {
  const { live } = input;
  if (live === undefined) {
    return { sync: "OutOfSync", drift: [{ path: "" }], predictable: true, needsApply: true };
  }
  const prediction = predict(input, live);
  const { predictable, reason } = prediction;
  const comparison = compareWith(prediction.object, {
    ...input,
    live,
    isOwnershipOpen: prediction.isOwnershipOpen,
  });
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
export function compareAnswer(input: CompareInput, answer: KubeObject): Comparison {
  const { live } = input;
  if (live === undefined) return { ...compareObject(input), predicted: redact(answer, input) };
  return compareWith(answer, { ...input, live, isOwnershipOpen: predict(input, live).isOwnershipOpen });
}

interface Predicted extends PredictedApply {
  /** Fields are to be taken over, or let go, by the next apply. */
  readonly isOwnershipOpen: boolean;
}

function predict({ desired, schema, fieldManager }: CompareInput, live: KubeObject): Predicted {
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

interface CompareWith extends CompareInput {
  readonly live: KubeObject;
  readonly isOwnershipOpen: boolean;
}

function compareWith(predicted: KubeObject, input: CompareWith): Comparison {
  const drift = listDrift(input.live, predicted, input);
  return {
    sync: drift.length > 0 ? "OutOfSync" : "Synced",
    drift,
    predicted: redact(predicted, input),
    predictable: true,
    needsApply: drift.length > 0 || input.isOwnershipOpen,
  };
}

function redact(object: KubeObject, { secretHash }: CompareOptions): KubeObject {
  return redactSecrets(object, { hash: secretHash });
}

function listDrift(live: KubeObject, predicted: KubeObject, options: CompareOptions): readonly Drift[] {
  if (predicted === live) return [];
  const schema = options.schema ?? deduced;
  const before = normalized(live, live, options);
  const after = settle({ schema, owned: undefined }, before, normalized(predicted, live, options));
  const entries = parseManagedFields(live);
  return listDifferences(schema, before, after).map(({ path }) => {
    const manager = ownerOf(path, entries);
    return { path: formatFieldPath(path), ...(manager !== undefined && { manager }) };
  });
}

function normalized(object: KubeObject, live: KubeObject, { normalizers = [] }: CompareOptions): JsonValue {
  return [...builtInNormalizers, ...normalizers].reduce(
    (current, normalize) => normalize(current, live),
    object,
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
