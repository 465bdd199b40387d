import { parseQuantity } from "#core/merge/quantity.ts";
import { isJsonObject, viewObject, viewString } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { type At, fieldAt, itemsOf, type KindCheck, text } from "./checks.ts";
import { duplicate, forbidden, invalid } from "./field-errors.ts";
import { checkAmounts } from "./pods/resources.ts";
import { specOf } from "./workloads.ts";

export const checkLimitRange: KindCheck = ({ next }) => {
  const types = new Set<string>();
  return itemsOf(viewObject(next, "spec"), "limits", "spec").flatMap((limit) => {
    const type = text(limit.value, "type");
    const isRepeated = types.has(type);
    types.add(type);
    return [...(isRepeated ? [duplicate(`${limit.path}.type`, type)] : []), ...checkLimit(limit, type)];
  });
};

function checkLimit({ path, value }: At, type: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (type === "Pod") {
    for (const field of ["default", "defaultRequest"]) {
      if (isJsonObject(value[field]))
        errors.push(forbidden(`${path}.${field}`, "may not be specified when `type` is 'Pod'"));
    }
  }
  const amount = (field: string, name: string): string | undefined => viewString(value, field, name);
  for (const name of Object.keys(viewObject(value, "min"))) {
    const min = amount("min", name) ?? "0";
    const above = (field: string): string | undefined => {
      const other = amount(field, name);
      return other !== undefined && (parseQuantity(min) ?? 0n) > (parseQuantity(other) ?? 0n)
        ? other
        : undefined;
    };
    const [max, requested, given] = [above("max"), above("defaultRequest"), above("default")];
    if (max !== undefined)
      errors.push(invalid(`${path}.min[${name}]`, min, `min value ${min} is greater than max value ${max}`));
    if (requested !== undefined) {
      errors.push(
        invalid(
          `${path}.defaultRequest[${name}]`,
          requested,
          `min value ${min} is greater than default request value ${requested}`,
        ),
      );
    }
    if (given !== undefined)
      errors.push(
        invalid(`${path}.default[${name}]`, min, `min value ${min} is greater than default value ${given}`),
      );
  }
  return errors;
}

const quotaNames: ReadonlySet<string> = new Set([
  "cpu",
  "memory",
  "ephemeral-storage",
  "pods",
  "services",
  "secrets",
  "configmaps",
  "resourcequotas",
  "replicationcontrollers",
  "persistentvolumeclaims",
]);

export const checkQuota: KindCheck = ({ next }) => {
  const hard = fieldAt(specOf(next), "hard");
  if (hard === undefined) return [];
  const isKnown = (name: string): boolean =>
    quotaNames.has(name) ||
    /^(?:requests|limits|services|count)[./]/.test(name) ||
    name.startsWith("hugepages-");
  return checkAmounts(hard, (name) => (isKnown(name) ? undefined : "must be a standard resource for quota"));
};
