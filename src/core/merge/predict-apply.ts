import type { Difference } from "./difference.ts";
import { listDifferences } from "./difference.ts";
import { FieldSet } from "./field-set.ts";
import type { ManagedFieldsEntry } from "./managed-fields.ts";
import { parseManagedFields } from "./managed-fields.ts";
import { mergeApplied, Unmergeable } from "./merge.ts";
import { mentionedFields, ownable } from "./owned-fields.ts";
import type { FieldPath } from "./path.ts";
import type { Ownership } from "./prune.ts";
import { pruneReleased } from "./prune.ts";
import type { FieldSchema } from "./schema.ts";
import { deduced } from "./schema.ts";
import { settle } from "./settle.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";

export interface PredictApplyInput {
  readonly live: KubeObject;
  readonly desired: KubeObject;
  /** Undefined where the server publishes none: maps are then granular and lists atomic. */
  readonly schema: FieldSchema | undefined;
  readonly fieldManager: string;
  /** Entries of managedFields that count as those of the object; default: those read from it. */
  readonly managedFields?: readonly ManagedFieldsEntry[];
  readonly subresource?: string;
}

export interface PredictedApply {
  /** What a forced server-side apply would leave, managedFields and resourceVersion as they are now. */
  readonly object: KubeObject;
  /** Fields that another manager owns and the apply would give another value. */
  readonly conflicts: readonly { readonly path: FieldPath; readonly manager: string }[];
  /** True when a value would change. May be true where the server finds no change; never false where it finds one. */
  readonly changed: boolean;
  /** True when the apply would change who owns what, whether or not a value changes. */
  readonly ownershipChanged: boolean;
  /** False when only the server can tell, by dry run; the other fields are then a best guess. */
  readonly predictable: boolean;
  /** Why it is not predictable. */
  readonly reason?: string;
}

/**
 * Predicts what a forced server-side apply of `desired` would do to `live`, from its managedFields and the kind's schema.
 * Follows structured-merge-diff v6 as the API server uses it. Admission webhooks and validation are not known here.
 */
export function predictApply(input: PredictApplyInput): PredictedApply {
  const schema = input.schema ?? deduced;
  const entries = input.managedFields ?? parseManagedFields(input.live);
  const own = entries.find((entry) => isOwn(entry, input));
  const desired = withoutServerFields(input.desired);
  const mentioned = mentionedFields(desired, schema);
  const last = ownable(own?.fields ?? new FieldSet());
  const isOtherVersion = own !== undefined && own.apiVersion !== desired.apiVersion;
  const ownership = { ownershipChanged: isOtherVersion || !last.equals(ownable(mentioned)) };
  const reason = unpredictableBecause(own, input);
  const others = entries.filter((entry) => entry !== own);
  const managed = others.reduce((all, { fields }) => all.union(fields), mentioned);
  try {
    const object = overlay({ schema, live: input.live, desired, last: last.root, managed: managed.root });
    const differences = object === input.live ? [] : listDifferences(schema, input.live, object);
    const prediction = {
      object,
      conflicts: conflictsOf(differences, others),
      changed: differences.length > 0,
    };
    return {
      ...prediction,
      ...ownership,
      ...(reason === undefined ? { predictable: true } : unpredictable(reason)),
    };
  } catch (error) {
    if (!(error instanceof Unmergeable)) throw error;
    return {
      object: input.live,
      conflicts: [],
      changed: true,
      ...ownership,
      ...unpredictable(error.message),
    };
  }
}

interface Overlay extends Ownership {
  readonly schema: FieldSchema;
  readonly live: KubeObject;
  readonly desired: KubeObject;
}

/** Status is no part of an apply: it is left as it lives. */
function overlay({ schema, live, desired, ...ownership }: Overlay): KubeObject {
  const { status, ...body } = live as JsonObject;
  const merged = pruneReleased(schema, mergeApplied(schema, body, desired), ownership);
  const settled = settle({ schema, owned: ownership.last }, body, merged);
  if (settled === body) return live;
  return { ...(settled as KubeObject), ...(status === undefined ? {} : { status }) };
}

function unpredictable(reason: string): { readonly predictable: false; readonly reason: string } {
  return { predictable: false, reason };
}

function isOwn(entry: ManagedFieldsEntry, { fieldManager, subresource = "" }: PredictApplyInput): boolean {
  return entry.operation === "Apply" && entry.manager === fieldManager && entry.subresource === subresource;
}

function unpredictableBecause(
  own: ManagedFieldsEntry | undefined,
  input: PredictApplyInput,
): string | undefined {
  const { apiVersion } = input.desired;
  if (input.live.apiVersion !== apiVersion) return `the live object was read as ${input.live.apiVersion}`;
  if (own !== undefined && own.apiVersion !== apiVersion) return `it was last applied as ${own.apiVersion}`;
  return undefined;
}

function conflictsOf(
  differences: readonly Difference[],
  others: readonly ManagedFieldsEntry[],
): PredictedApply["conflicts"] {
  return differences
    .filter(({ kind }) => kind !== "removed")
    .flatMap(({ path }) =>
      others.filter(({ fields }) => fields.has(path)).map(({ manager }) => ({ path, manager })),
    );
}

/** What the server sets itself, or takes from another request than an apply. */
const SERVER_METADATA: readonly string[] = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** The part of an object that an apply sends: no status, no metadata of the server's. */
export function withoutServerFields(object: KubeObject): KubeObject {
  const { status: _status, ...rest } = object as JsonObject;
  const metadata = Object.entries(object.metadata).filter(([name]) => !SERVER_METADATA.includes(name));
  return { ...rest, metadata: Object.fromEntries(metadata) } as KubeObject;
}
