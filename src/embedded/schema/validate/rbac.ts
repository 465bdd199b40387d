import { viewArray, viewObject } from "#core/object/index.ts";
import type { FieldError, WriteCheck } from "../rules.ts";
import { type At, itemsOf, type KindCheck, present, requiredName, supported, text } from "./checks.ts";
import { invalid, required } from "./field-errors.ts";
import { immutable } from "./metadata.ts";
import { isPathSegment, isSubdomain } from "./names.ts";

const group = "rbac.authorization.k8s.io";

export const checkRole: KindCheck = (write) => checkRules(write, true);

export const checkClusterRole: KindCheck = (write) => checkRules(write, false);

function checkRules({ next }: WriteCheck, isNamespaced: boolean): readonly FieldError[] {
  return itemsOf(next, "rules", "").flatMap((rule) => checkRule(rule, isNamespaced));
}

function checkRule({ path, value }: At, isNamespaced: boolean): readonly FieldError[] {
  const urls = viewArray(value, "nonResourceURLs");
  const [verbs, groups, resources] = ["verbs", "apiGroups", "resources"].map((field) =>
    viewArray(value, field),
  );
  const errors: FieldError[] = [];
  const verbless = verbs?.length === 0 ? [required(`${path}.verbs`)] : [];
  if (urls.length > 0) {
    const detail = isNamespaced
      ? "namespaced rules cannot apply to non-resource URLs"
      : "rules cannot apply to both regular resources and non-resource URLs";
    const isMixed =
      groups?.length !== 0 || resources?.length !== 0 || viewArray(value, "resourceNames").length > 0;
    const mixed = isNamespaced || isMixed ? [invalid(`${path}.nonResourceURLs`, urls, detail)] : [];
    return [...mixed, ...verbless];
  }
  if (groups?.length === 0) {
    errors.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
  }
  if (resources?.length === 0) {
    errors.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
  }
  return [...errors, ...verbless];
}

export const checkRoleBinding: KindCheck = (write) => checkBinding(write, ["Role", "ClusterRole"]);

export const checkClusterRoleBinding: KindCheck = (write) => checkBinding(write, ["ClusterRole"]);

function checkBinding({ next, live, kind }: WriteCheck, kinds: readonly string[]): readonly FieldError[] {
  const role = viewObject(next, "roleRef");
  return [
    ...supported("roleRef.apiGroup", role["apiGroup"], [group]),
    ...supported("roleRef.kind", text(role, "kind"), kinds),
    ...requiredName("roleRef.name", text(role, "name"), isPathSegment),
    ...itemsOf(next, "subjects", "").flatMap((subject) => checkSubject(subject, kind.namespaced)),
    ...(live === undefined ? [] : immutable("roleRef", role, live["roleRef"])),
  ];
}

function checkSubject({ path, value }: At, isNamespaced: boolean): readonly FieldError[] {
  const errors = [...present(`${path}.name`, text(value, "name"))];
  if (value["kind"] === "ServiceAccount") {
    if (text(value, "name") !== "")
      errors.push(...requiredName(`${path}.name`, text(value, "name"), isSubdomain));
    errors.push(...supported(`${path}.apiGroup`, value["apiGroup"], [""]));
    return isNamespaced ? errors : [...errors, ...present(`${path}.namespace`, text(value, "namespace"))];
  }
  if (value["kind"] === "User" || value["kind"] === "Group") {
    return [...errors, ...supported(`${path}.apiGroup`, value["apiGroup"], [group])];
  }
  return [...errors, ...supported(`${path}.kind`, text(value, "kind"), ["ServiceAccount", "User", "Group"])];
}
