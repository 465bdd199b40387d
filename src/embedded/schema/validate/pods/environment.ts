import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewString } from "#core/object/index.ts";
import type { FieldError } from "../../rules.ts";
import { type At, fieldAt, itemsOf, named, present, requiredName, supported, text } from "../checks.ts";
import { invalid, required } from "../field-errors.ts";
import { isConfigKey, isSubdomain, isVariableName } from "../names.ts";

const sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];
const variableFields: ReadonlySet<string> = new Set([
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
]);
const resources = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];

export function checkEnvironment(container: At): readonly FieldError[] {
  const { path, value } = container;
  return [
    ...itemsOf(value, "env", path).flatMap((variable) => checkVariable(variable)),
    ...itemsOf(value, "envFrom", path).flatMap((source) => checkVariables(source, `${path}.envFrom`)),
  ];
}

function checkVariable(variable: At): readonly FieldError[] {
  const { path, value } = variable;
  const name = requiredName(`${path}.name`, viewString(value, "name"), isVariableName);
  const source = fieldAt(variable, "valueFrom");
  if (source === undefined) return name;
  const given = sources.filter((field) => isJsonObject(source.value[field]));
  if (given.length === 0) {
    const detail =
      "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
    return [...name, invalid(source.path, "", detail)];
  }
  const errors = [...name, ...checkSource(source)];
  if (text(value, "value") !== "")
    errors.push(invalid(source.path, "", "may not be specified when `value` is not empty"));
  if (given.length > 1)
    errors.push(invalid(source.path, "", "may not have more than one field specified at a time"));
  return errors;
}

function checkSource(source: At): readonly FieldError[] {
  const [field, resource] = [fieldAt(source, "fieldRef"), fieldAt(source, "resourceFieldRef")];
  return [
    ...(field === undefined ? [] : checkFieldRef(field, variableFields)),
    ...(resource === undefined ? [] : checkResourceRef(resource)),
    ...["configMapKeyRef", "secretKeyRef"].flatMap((name) => {
      const reference = fieldAt(source, name);
      return reference === undefined ? [] : checkKeyRef(reference);
    }),
  ];
}

/** A field of the pod: of those that may be used here, or one label or annotation. */
export function checkFieldRef({ path, value }: At, fields: ReadonlySet<string>): readonly FieldError[] {
  const fieldPath = text(value, "fieldPath");
  if (fieldPath === "") return [required(`${path}.fieldPath`)];
  if (fields.has(fieldPath) || /^metadata\.(?:labels|annotations)\['.+'\]$/.test(fieldPath)) return [];
  const isKnown =
    /^(?:metadata\.(?:labels|annotations)|spec\.(?:restartPolicy|schedulerName|hostNetwork)|status\.phase)$/.test(
      fieldPath,
    );
  if (!isKnown) {
    const detail = `error converting fieldPath: field label not supported: ${fieldPath}`;
    return [invalid(`${path}.fieldPath`, fieldPath, detail)];
  }
  return supported(`${path}.fieldPath`, fieldPath, [...fields].toSorted());
}

export function checkResourceRef({ path, value }: At): readonly FieldError[] {
  const resource = text(value, "resource");
  if (resource === "") return [required(`${path}.resource`)];
  if (/^(?:limits|requests)\.hugepages-/.test(resource)) return [];
  return supported(`${path}.resource`, resource, resources);
}

function checkKeyRef({ path, value }: At): readonly FieldError[] {
  return [
    ...present(`${path}.key`, text(value, "key")),
    ...(text(value, "key") === "" ? [] : named(`${path}.key`, text(value, "key"), isConfigKey)),
  ];
}

/** Errors of a source of many variables are told at the list. */
function checkVariables(source: At, list: string): readonly FieldError[] {
  const { value } = source;
  const given = ["configMapRef", "secretRef"].filter((field) => isJsonObject(value[field]));
  if (given.length === 0) return [invalid(list, "", "must specify one of: `configMapRef` or `secretRef`")];
  const errors: FieldError[] = given.flatMap((field) => {
    const reference = value[field] as JsonObject;
    return requiredName(`${source.path}.${field}.name`, viewString(reference, "name"), isSubdomain);
  });
  if (given.length > 1)
    errors.push(invalid(list, "", "may not have more than one field specified at a time"));
  return errors;
}
