import { parseQuantity } from "#core/merge/quantity.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { type At, fieldAt, named, supported, text } from "./checks.ts";
import { forbidden, invalid, required } from "./field-errors.ts";
import { isSubdomain } from "./names.ts";
import { checkLabelSelector } from "./selectors.ts";

export const accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
export const volumeModes = ["Block", "Filesystem"];

/** What is wrong with what a claim asks for, or the template of one. */
export function checkClaimSpec(spec: At): readonly FieldError[] {
  const { path, value } = spec;
  const asked = viewArray(value, "accessModes");
  const selector = fieldAt(spec, "selector");
  const errors: FieldError[] =
    asked.length === 0 ? [required(`${path}.accessModes`, "at least 1 access mode is required")] : [];
  if (selector !== undefined) errors.push(...checkLabelSelector(selector));
  errors.push(...asked.flatMap((mode) => supported(`${path}.accessModes`, mode, accessModes)));
  if (asked.includes("ReadWriteOncePod") && asked.length > 1) {
    errors.push(forbidden(`${path}.accessModes`, "may not use ReadWriteOncePod with other access modes"));
  }
  errors.push(...checkStorage(`${path}.resources[storage]`, viewObject(value, "resources", "requests")));
  const className = text(value, "storageClassName");
  if (className !== "") errors.push(...named(`${path}.storageClassName`, className, isSubdomain));
  return [...errors, ...supported(`${path}.volumeMode`, value["volumeMode"], volumeModes)];
}

function checkStorage(path: string, requests: JsonObject): readonly FieldError[] {
  const amount = viewString(requests, "storage");
  if (amount === undefined) return [required(path)];
  return (parseQuantity(amount) ?? 0n) > 0n ? [] : [invalid(path, amount, "must be greater than zero")];
}
