import type { Comparison } from "./comparison.ts";
import type { FieldNode } from "./field-set.ts";
import { FieldSet } from "./field-set.ts";
import type { FieldPath } from "./path.ts";
import { fieldElement } from "./path.ts";
import type { GroupVersionKind, JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

/** Which writes the reset fields are asked for. */
interface ResetFieldsOf extends Pick<GroupVersionKind, "group" | "kind"> {
  /** Empty for the object itself. */
  readonly subresource: string;
  /** Status is written through a subresource of its own. */
  readonly hasStatus: boolean;
  readonly isCustom: boolean;
}

const SPEC = path("spec");
const STATUS = path("status");
const METADATA = path("metadata");

/** Groups whose status writes leave all metadata alone; those of other built-in kinds may set labels and annotations. */
const METADATA_GROUPS: ReadonlySet<string> = new Set([
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "flowcontrol.apiserver.k8s.io",
  "internal.apiserver.k8s.io",
  "lifecycle.k8s.io",
  "resource.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
  "storagemigration.k8s.io",
]);

const STATUS_EXCEPTIONS: Readonly<Record<string, readonly FieldPath[]>> = {
  Deployment: [SPEC, path("metadata", "labels")],
  Pod: [SPEC, path("metadata", "deletionTimestamp"), path("metadata", "ownerReferences")],
  ServiceCIDR: [METADATA, SPEC],
  PodCertificateRequest: [METADATA, SPEC],
  CertificateSigningRequest: [SPEC, path("status", "conditions")],
};

/** The fields that a write leaves as they are whatever it says, and that its manager therefore does not come to own. */
export function resetFieldsOf(write: ResetFieldsOf): readonly FieldPath[] {
  const { group, kind, subresource, hasStatus, isCustom } = write;
  if (subresource === "approval" && kind === "CertificateSigningRequest")
    return [SPEC, path("status", "certificate")];
  if (subresource !== "status") return hasStatus ? [STATUS] : [];
  if (isCustom || METADATA_GROUPS.has(group)) return [METADATA, SPEC];
  return STATUS_EXCEPTIONS[kind] ?? [SPEC];
}

function path(...names: readonly string[]): FieldPath {
  return names.map((name) => fieldElement(name));
}

/** The set without the reset fields and what is below them. */
export function withoutReset(set: FieldSet, reset: readonly FieldPath[]): FieldSet {
  return reset.reduce((rest, [first, ...below]) => {
    return first === undefined ? rest : new FieldSet(withoutBranch(rest.root, first, below));
  }, set);
}

function withoutBranch(node: FieldNode, first: string, below: FieldPath): FieldNode {
  const child = node.children?.get(first);
  if (child === undefined) return node;
  const children = new Map(node.children);
  const [next, ...rest] = below;
  if (next === undefined) children.delete(first);
  else children.set(first, withoutBranch(child, next, rest));
  return { member: node.member, children };
}

export function comparisonWithoutReset(comparison: Comparison, reset: readonly FieldPath[]): Comparison {
  if (reset.length === 0) return comparison;
  return {
    added: withoutReset(comparison.added, reset),
    removed: withoutReset(comparison.removed, reset),
    modified: withoutReset(comparison.modified, reset),
  };
}

/** `next` with its reset fields, but not managedFields, as they are in `live`. */
export function restoreReset(
  next: KubeObject,
  live: KubeObject | undefined,
  reset: readonly FieldPath[],
): KubeObject {
  const { managedFields } = next.metadata;
  const restored = reset.reduce<JsonObject>(
    (object, names) => restore(object, live, names),
    next,
  ) as KubeObject;
  const { managedFields: _live, ...metadata } = restored.metadata ?? {};
  return {
    ...restored,
    metadata: { ...metadata, ...(managedFields === undefined ? {} : { managedFields }) },
  };
}

function restore(next: JsonObject, live: JsonValue | undefined, [element, ...below]: FieldPath): JsonObject {
  const name = element?.slice(2) ?? "";
  const liveField = isJsonObject(live) ? live[name] : undefined;
  const { [name]: nextField, ...others } = next;
  const hasInner = below.length > 0 && (isJsonObject(nextField) || isJsonObject(liveField));
  const field = hasInner ? restore(isJsonObject(nextField) ? nextField : {}, liveField, below) : liveField;
  return field === undefined ? others : { ...others, [name]: field };
}
