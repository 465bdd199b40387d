import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { FieldError } from "../schema/rules.ts";
import { forbidden, invalid, notSupported, required } from "../schema/validate/field-errors.ts";
import { isDns1035Label, isSubdomain } from "../schema/validate/names.ts";
import { textOf } from "../schema/text-of.ts";
import { validateVersions } from "./validate-versions.ts";

const approval = "api-approved.kubernetes.io";

/** What is wrong with a CustomResourceDefinition; `live` is what is stored of it. */
export function validateDefinition(next: KubeObject, live: KubeObject | undefined): readonly FieldError[] {
  return [
    ...(live === undefined ? validateName(next) : validateUnchanged(next, live)),
    ...validateSpec(viewObject(next, "spec")),
    ...validateStored(next),
    ...(live === undefined ? validateApproval(next) : []),
  ];
}

function validateName(definition: KubeObject): readonly FieldError[] {
  const { name = "", generateName = "" } = definition.metadata;
  const spec = viewObject(definition, "spec");
  const wanted = `${viewString(spec, "names", "plural") ?? ""}.${viewString(spec, "group") ?? ""}`;
  const detail = `must be spec.names.plural+"."+spec.group`;
  return [
    ...(generateName === wanted || generateName === ""
      ? []
      : [invalid("metadata.generateName", generateName, detail)]),
    ...(name === wanted || name === "" ? [] : [invalid("metadata.name", name, detail)]),
  ];
}

function validateSpec(spec: JsonObject): readonly FieldError[] {
  const versions = viewArray(spec, "versions").filter((version) => isJsonObject(version));
  const names = versions.map((version) => viewString(version, "name") ?? "");
  const errors = [
    ...validateGroup(viewString(spec, "group") ?? ""),
    ...validateScope(viewString(spec, "scope") ?? ""),
  ];
  for (const [i, version] of versions.entries()) {
    if (viewObject(version, "schema")["openAPIV3Schema"] === undefined) {
      errors.push(required(`spec.versions[${i}].schema.openAPIV3Schema`));
    }
  }
  if (spec["preserveUnknownFields"] === true) {
    errors.push(
      invalid(
        "spec.preserveUnknownFields",
        true,
        "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
      ),
    );
  }
  errors.push(...validateVersions(versions));
  if (new Set(names).size < names.length)
    errors.push(invalid("spec.versions", versions, "must contain unique version names"));
  if (versions.filter((version) => version["storage"] === true).length !== 1) {
    errors.push(
      invalid("spec.versions", versions, "must have exactly one version marked as storage version"),
    );
  }
  return [
    ...errors,
    ...validateNames(viewObject(spec, "names")),
    ...validateConversion(viewObject(spec, "conversion")),
  ];
}

function validateGroup(group: string): FieldError[] {
  if (group === "") return [required("spec.group")];
  const wrong = isSubdomain(group);
  if (wrong.length > 0) return [invalid("spec.group", group, wrong.join(","))];
  return group.includes(".")
    ? []
    : [invalid("spec.group", group, "should be a domain with at least one dot")];
}

function validateScope(scope: string): readonly FieldError[] {
  if (scope === "") return [required("spec.scope")];
  const scopes = ["Cluster", "Namespaced"];
  return scopes.includes(scope) ? [] : [notSupported("spec.scope", scope, scopes)];
}

function validateNames(names: JsonObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ["plural", "singular", "kind", "listKind"]) {
    if ((viewString(names, field) ?? "") === "") errors.push(required(`spec.names.${field}`));
  }
  for (const field of ["plural", "singular", "kind", "listKind"]) {
    const name = viewString(names, field) ?? "";
    const mayBeMixed = field.toLowerCase().endsWith("kind");
    const wrong = name === "" ? [] : isDns1035Label(mayBeMixed ? name.toLowerCase() : name);
    const detail = `${mayBeMixed ? "may have mixed case, but should otherwise match: " : ""}${wrong.join(",")}`;
    if (wrong.length > 0) errors.push(invalid(`spec.names.${field}`, name, detail));
  }
  for (const field of ["shortNames", "categories"]) {
    for (const [i, name] of viewArray(names, field).entries()) {
      const wrong = isDns1035Label(textOf(name));
      if (wrong.length > 0) errors.push(invalid(`spec.names.${field}[${i}]`, name, wrong.join(",")));
    }
  }
  const { kind, listKind } = names;
  if (kind !== undefined && kind === listKind) {
    errors.push(invalid("spec.names.listKind", listKind, "kind and listKind may not be the same"));
  }
  return errors;
}

function validateConversion(conversion: JsonObject): readonly FieldError[] {
  const strategy = viewString(conversion, "strategy") ?? "";
  if (strategy === "") return [required("spec.conversion.strategy")];
  if (strategy !== "None" && strategy !== "Webhook")
    return [notSupported("spec.conversion.strategy", strategy, ["None", "Webhook"])];
  const { webhook } = conversion;
  if (strategy === "None") {
    const detail = "should not be set when strategy is not set to Webhook";
    const { clientConfig } = viewObject(webhook);
    return [
      ...(clientConfig === undefined ? [] : [forbidden("spec.conversion.webhookClientConfig", detail)]),
      ...(viewArray(webhook, "conversionReviewVersions").length === 0
        ? []
        : [forbidden("spec.conversion.conversionReviewVersions", detail)]),
    ];
  }
  const errors: FieldError[] = [];
  if (viewObject(webhook)["clientConfig"] === undefined) {
    errors.push(required("spec.conversion.webhookClientConfig", "required when strategy is set to Webhook"));
  }
  const isUnnamed = viewArray(webhook, "conversionReviewVersions").length === 0;
  return isUnnamed ? [...errors, required("spec.conversion.conversionReviewVersions")] : errors;
}

function validateStored(definition: KubeObject): readonly FieldError[] {
  const stored = viewArray(definition, "status", "storedVersions");
  const path = "status.storedVersions";
  if (stored.length === 0) return [invalid(path, stored, "must have at least one stored version")];
  const versions = viewArray(definition, "spec", "versions");
  const names = versions.map((version) => viewString(version, "name"));
  const missing = versions.filter((version, i) => {
    const name = viewString(version, "name") ?? "";
    return viewObject(version)["storage"] === true && !(names.indexOf(name) === i && stored.includes(name));
  });
  return [
    ...missing.map((version) =>
      invalid(path, stored, `must have the storage version ${viewString(version, "name")}`),
    ),
    ...stored.flatMap((name, i) => {
      if (typeof name !== "string" || names.includes(name)) return [];
      const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
      return [invalid(`${path}[${i}]`, name, detail)];
    }),
  ];
}

/** Groups of Kubernetes itself need an approval. */
function validateApproval(definition: KubeObject): readonly FieldError[] {
  const group = viewString(definition, "spec", "group") ?? "";
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(group)) return [];
  const given = definition.metadata.annotations?.[approval] ?? "";
  const path = `metadata.annotations[${approval}]`;
  const link = "see https://github.com/kubernetes/enhancements/pull/1111";
  const needed = `protected groups must have approval annotation ${JSON.stringify(approval)}`;
  if (given === "") return [required(path, `${needed}, ${link}`)];
  if (given.startsWith("unapproved") || /^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(given)) return [];
  return [
    invalid(path, given, `${needed} with either a URL or a reason starting with "unapproved", ${link}`),
  ];
}

function validateUnchanged(next: KubeObject, live: KubeObject): readonly FieldError[] {
  const isEstablished = viewArray(live, "status", "conditions").some(
    (condition) =>
      viewString(condition, "type") === "Established" && viewString(condition, "status") === "True",
  );
  const fields = isEstablished ? ["scope", "names.kind", "group", "names.plural"] : ["group", "names.plural"];
  return fields.flatMap((field) => {
    const [after, before] = [next, live].map((object) => viewString(object, "spec", ...field.split(".")));
    return after === before ? [] : [invalid(`spec.${field}`, after, "field is immutable")];
  });
}
