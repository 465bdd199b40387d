import { parseQuantity } from "#core/merge/quantity.ts";
import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewString } from "#core/object/index.ts";
import type { FieldError } from "../../rules.ts";
import { type At, fieldAt, itemsOf, present, requiredName, supported, text } from "../checks.ts";
import { duplicate, forbidden, invalid, required } from "../field-errors.ts";
import { isLabel } from "../names.ts";
import { checkFieldRef, checkResourceRef } from "./environment.ts";
import { checkRelativePath } from "./mounts.ts";

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];
const maxMode = 0o777;
const projectedFields: ReadonlySet<string> = new Set([
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
]);

export function volumeNames(spec: JsonObject): ReadonlySet<string> {
  return new Set(itemsOf(spec, "volumes", "").map(({ value }) => text(value, "name")));
}

export function checkVolumes({ path, value: spec }: At): readonly FieldError[] {
  const names = new Set<string>();
  return itemsOf(spec, "volumes", path).flatMap((volume) => {
    const name = viewString(volume.value, "name");
    const wrong = requiredName(`${volume.path}.name`, name, isLabel);
    const isRepeated = wrong.length === 0 && names.has(name ?? "");
    names.add(name ?? "");
    return [
      ...checkSources(volume),
      ...wrong,
      ...(isRepeated ? [duplicate(`${volume.path}.name`, name ?? "")] : []),
    ];
  });
}

/** The first source counts, in the order in which the API server looks for them. */
function checkSources(volume: At): readonly FieldError[] {
  const known = Object.keys(checks).filter((field) => isJsonObject(volume.value[field]));
  const others = Object.keys(volume.value).filter(
    (field) => field !== "name" && !known.includes(field) && isJsonObject(volume.value[field]),
  );
  const [first, ...more] = [...known, ...others];
  if (first === undefined) return [required(volume.path, "must specify a volume type")];
  const source = fieldAt(volume, first);
  return [
    ...(source === undefined ? [] : (checks[first]?.(source) ?? [])),
    ...more.map((field) => forbidden(`${volume.path}.${field}`, "may not specify more than 1 volume type")),
  ];
}

const checks: Readonly<Record<string, (source: At) => readonly FieldError[]>> = {
  emptyDir: ({ path, value }) => {
    const limit = viewString(value, "sizeLimit");
    if (limit === undefined || (parseQuantity(limit) ?? 0n) >= 0n) return [];
    return [forbidden(`${path}.sizeLimit`, "SizeLimit field must be a valid resource quantity")];
  },
  hostPath: checkHostPath,
  secret: (source) => [
    ...present(`${source.path}.secretName`, text(source.value, "secretName")),
    ...checkFiles(source),
  ],
  nfs: ({ path, value }) => {
    const target = text(value, "path");
    const errors = [...present(`${path}.server`, text(value, "server")), ...present(`${path}.path`, target)];
    const isRelative = target !== "" && !target.startsWith("/");
    return isRelative ? [...errors, invalid(`${path}.path`, target, "must be an absolute path")] : errors;
  },
  persistentVolumeClaim: ({ path, value }) => present(`${path}.claimName`, text(value, "claimName")),
  downwardAPI: ({ path, value }) =>
    itemsOf(value, "items", path).flatMap((item) => checkDownward(item, path)),
  configMap: (source) => [
    ...present(`${source.path}.name`, text(source.value, "name")),
    ...checkFiles(source),
  ],
  projected: (source) => [...checkMode(source, "defaultMode"), ...checkProjections(source)],
  csi: ({ path, value }) => present(`${path}.driver`, text(value, "driver")),
};

export function checkHostPath({ path, value }: At): readonly FieldError[] {
  const target = text(value, "path");
  const errors = target === "" ? [required(`${path}.path`)] : [];
  if (target.split("/").includes("..")) errors.push(invalid(`${path}.path`, target, "must not contain '..'"));
  return [...errors, ...supported(`${path}.type`, value["type"], hostPathTypes)];
}

/** Keys of a ConfigMap or Secret as files. */
function checkFiles(source: At): readonly FieldError[] {
  return [
    ...checkMode(source, "defaultMode"),
    ...itemsOf(source.value, "items", source.path).flatMap((item) => [
      ...present(`${item.path}.key`, text(item.value, "key")),
      ...checkFilePath(`${item.path}.path`, text(item.value, "path")),
      ...checkMode(item, "mode"),
    ]),
  ];
}

function checkFilePath(path: string, target: string): readonly FieldError[] {
  if (target === "") return [required(path)];
  const errors = checkRelativePath(path, target);
  const isHidden = target.startsWith("..") && !target.startsWith("../");
  return isHidden ? [...errors, invalid(path, target, "must not start with '..'")] : errors;
}

function checkMode({ path, value }: At, field: string): readonly FieldError[] {
  const mode = value[field];
  if (typeof mode !== "number" || (mode >= 0 && mode <= maxMode)) return [];
  return [invalid(`${path}.${field}`, mode, "must be a number between 0 and 0777 (octal), both inclusive")];
}

function checkDownward(item: At, list: string): readonly FieldError[] {
  const [field, resource] = [fieldAt(item, "fieldRef"), fieldAt(item, "resourceFieldRef")];
  const errors = [...checkFilePath(`${list}.path`, text(item.value, "path"))];
  if (field !== undefined) errors.push(...checkFieldRef(field, projectedFields));
  else if (resource !== undefined) errors.push(...checkResourceRef(resource));
  else errors.push(required(list, "one of fieldRef and resourceFieldRef is required"));
  return [...errors, ...checkMode(item, "mode")];
}

function checkProjections({ path, value }: At): readonly FieldError[] {
  return itemsOf(value, "sources", path).flatMap((source) => {
    const token = fieldAt(source, "serviceAccountToken");
    const downward = fieldAt(source, "downwardAPI");
    return [
      ...["secret", "configMap"].flatMap((field) => {
        const files = fieldAt(source, field);
        return files === undefined
          ? []
          : [...present(`${files.path}.name`, text(files.value, "name")), ...checkFiles(files)];
      }),
      ...(token === undefined ? [] : present(`${token.path}.path`, text(token.value, "path"))),
      ...(downward === undefined
        ? []
        : itemsOf(downward.value, "items", downward.path).flatMap((item) =>
            checkDownward(item, downward.path),
          )),
    ];
  });
}
