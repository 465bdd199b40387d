import type { JsonObject, JsonValue, ObjectMeta } from "#core/object/index.ts";
import {
  isJsonArray,
  isJsonObject,
  jsonEqual,
  parseApiVersion,
  viewArray,
  viewObject,
  viewString,
} from "#core/object/index.ts";
import type { ServedKind } from "../../kinds/served-kind.ts";
import type { FieldError, WriteCheck } from "../rules.ts";
import { forbidden, invalid, required, tooLong } from "./field-errors.ts";
import { isLabel, isLabelKey, isLabelValue, type NameCheck } from "./names.ts";
import { textOf } from "../text-of.ts";

const maxAnnotationBytes = 256 * 1024;

/** What is wrong with an object's metadata, apart from its name when it is only updated. */
export function validateMetadata(write: WriteCheck, isName: NameCheck): readonly FieldError[] {
  const { metadata } = write.next;
  const common = validateCommon(metadata);
  const finalizers = hasPlainFinalizers(write.kind) ? [] : qualifiedFinalizers(metadata);
  if (write.live !== undefined)
    return [
      ...validateMetaUpdate(metadata, write.live.metadata),
      ...common,
      ...(write.kind.isCustom ? [] : validateFinalizers(metadata)),
      ...finalizers.filter(({ message }) => !message.startsWith('Invalid value: "": name is neither')),
    ];
  return [...validateIdentity(write, isName), ...common, ...validateFinalizers(metadata), ...finalizers];
}

/** Custom resources and their definitions are served by another part of the API server, which asks less of finalizers. */
function hasPlainFinalizers({ isCustom, group }: ServedKind): boolean {
  return isCustom || group === "apiextensions.k8s.io";
}

/** What is wrong with metadata that any write may change. */
export function validateCommon(metadata: ObjectMeta): readonly FieldError[] {
  return [
    ...(Number(metadata["generation"] ?? 0) < 0
      ? [invalid("metadata.generation", metadata["generation"], "must be greater than or equal to 0")]
      : []),
    ...validateLabels(metadata["labels"], "metadata.labels"),
    ...validateAnnotations(metadata["annotations"], "metadata.annotations"),
    ...validateOwners(viewArray(metadata, "ownerReferences"), "metadata.ownerReferences"),
  ];
}

function validateIdentity({ next, kind }: WriteCheck, isName: NameCheck): readonly FieldError[] {
  const { name = "", generateName = "", namespace = "" } = next.metadata;
  const errors: FieldError[] = [];
  if (generateName !== "") {
    // A prefix may end in what only the name must not end in.
    const prefix = generateName.replace(/-$/, "a");
    errors.push(...isName(prefix).map((detail) => invalid("metadata.generateName", generateName, detail)));
  }
  if (name === "") errors.push(required("metadata.name", "name or generateName is required"));
  else errors.push(...isName(name).map((detail) => invalid("metadata.name", name, detail)));
  if (!kind.namespaced && namespace !== "")
    errors.push(forbidden("metadata.namespace", "not allowed on this type"));
  if (!kind.namespaced) return errors;
  if (namespace === "") return [...errors, required("metadata.namespace")];
  return [...errors, ...isLabel(namespace).map((detail) => invalid("metadata.namespace", namespace, detail))];
}

function validateLabels(labels: JsonValue | undefined, path: string): readonly FieldError[] {
  if (!isJsonObject(labels)) return [];
  return Object.entries(labels).flatMap(([key, value]) => [
    ...isLabelKey(key).map((detail) => invalid(path, key, detail)),
    ...isLabelValue(textOf(value)).map((detail) => invalid(path, textOf(value), detail)),
  ]);
}

function validateAnnotations(annotations: JsonValue | undefined, path: string): readonly FieldError[] {
  if (!isJsonObject(annotations)) return [];
  const entries = Object.entries(annotations);
  const bytes = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(textOf(value)),
    0,
  );
  return [
    ...entries.flatMap(([key]) => isLabelKey(key.toLowerCase()).map((detail) => invalid(path, key, detail))),
    ...(bytes > maxAnnotationBytes ? [tooLong(path, maxAnnotationBytes)] : []),
  ];
}

function validateOwners(owners: readonly JsonValue[], path: string): readonly FieldError[] {
  const errors = owners.flatMap((owner, i) => validateOwner(viewObject(owner), `${path}[${i}]`));
  const controllers = owners.filter((owner) => viewObject(owner)["controller"] === true);
  const nameOf = (owner: JsonValue | undefined): string =>
    `${viewString(owner, "kind")}/${viewString(owner, "name")}`;
  for (const other of controllers.slice(1)) {
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${nameOf(controllers[0])} and ${nameOf(other)}`;
    errors.push(invalid(path, owners, detail));
  }
  return errors;
}

function validateOwner(owner: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const apiVersion = viewString(owner, "apiVersion") ?? "";
  const { version } = parseApiVersion(apiVersion);
  if (apiVersion === "") errors.push(required(`${path}.apiVersion`, "must not be empty"));
  else if (version === "" || version.includes("/")) {
    errors.push(invalid(`${path}.apiVersion`, apiVersion, "must be <group>/<version> or <version>"));
  }
  for (const field of ["kind", "name", "uid"]) {
    if ((viewString(owner, field) ?? "") === "")
      errors.push(required(`${path}.${field}`, "must not be empty"));
  }
  if (apiVersion === "v1" && owner["kind"] === "Event") {
    errors.push(invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner"));
  }
  return errors;
}

function validateFinalizers(metadata: ObjectMeta): readonly FieldError[] {
  const finalizers = metadata.finalizers ?? [];
  const path = "metadata.finalizers";
  const errors = finalizers.flatMap((name) => isLabelKey(name).map((detail) => invalid(path, name, detail)));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    errors.push(invalid(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set"));
  }
  return errors;
}

const standardFinalizers: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

/** In built-in kinds a finalizer says who it belongs to. */
function qualifiedFinalizers(metadata: ObjectMeta): readonly FieldError[] {
  const detail = "name is neither a standard finalizer name nor is it fully qualified";
  return (metadata.finalizers ?? []).flatMap((name, i) =>
    name.includes("/") || standardFinalizers.has(name)
      ? []
      : [invalid(`metadata.finalizers[${i}]`, name, detail)],
  );
}

const fixedFields = [
  "name",
  "namespace",
  "uid",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
];

function validateMetaUpdate(next: ObjectMeta, live: ObjectMeta): readonly FieldError[] {
  const errors: FieldError[] = [];
  const added = (next.finalizers ?? []).filter((name) => !(live.finalizers ?? []).includes(name));
  if (live.deletionTimestamp !== undefined && added.length > 0) {
    const names = [...new Set(added)]
      .toSorted()
      .map((name) => JSON.stringify(name))
      .join(", ");
    const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`;
    errors.push(forbidden("metadata.finalizers", detail));
  }
  if ((next.generation ?? 0) < (live.generation ?? 0)) {
    errors.push(invalid("metadata.generation", next.generation ?? 0, "must not be decremented"));
  }
  return [
    ...errors,
    ...fixedFields.flatMap((field) => immutable(`metadata.${field}`, next[field], live[field])),
  ];
}

/** A field that must stay as it is. */
export function immutable(
  path: string,
  next: JsonValue | undefined,
  live: JsonValue | undefined,
): readonly FieldError[] {
  return jsonEqual(emptied(next), emptied(live)) ? [] : [invalid(path, next, "field is immutable")];
}

/** Nothing, null and an empty collection are the same for the API server. */
function emptied(value: JsonValue | undefined): JsonValue | undefined {
  if (value === null || value === "") return undefined;
  if (isJsonArray(value)) return value.length === 0 ? undefined : value;
  return isJsonObject(value) && Object.keys(value).length === 0 ? undefined : value;
}
