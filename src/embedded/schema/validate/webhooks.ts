import { viewArray, viewNumber, viewObject } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { type At, itemsOf, type KindCheck, requiredName, supported, text } from "./checks.ts";
import { invalid, required } from "./field-errors.ts";
import { isSubdomain } from "./names.ts";

export const checkWebhooks: KindCheck = ({ next }) =>
  itemsOf(next, "webhooks", "").flatMap((webhook) => checkWebhook(webhook));

function checkWebhook(webhook: At): readonly FieldError[] {
  const { path, value } = webhook;
  const name = text(value, "name");
  const errors = [...requiredName(`${path}.name`, name, isSubdomain)];
  if (errors.length === 0 && name.split(".").length < 3) {
    errors.push(
      invalid(`${path}.name`, name, "should be a domain with at least three segments separated by dots"),
    );
  }
  errors.push(...itemsOf(value, "rules", path).flatMap((rule) => checkWebhookRule(rule)));
  errors.push(...supported(`${path}.failurePolicy`, value["failurePolicy"], ["Fail", "Ignore"]));
  errors.push(...supported(`${path}.matchPolicy`, value["matchPolicy"], ["Equivalent", "Exact"]));
  if (value["sideEffects"] === undefined)
    errors.push(required(`${path}.sideEffects`, "must specify one of None, NoneOnDryRun"));
  errors.push(...supported(`${path}.sideEffects`, value["sideEffects"], ["None", "NoneOnDryRun"]));
  const timeout = viewNumber(value, "timeoutSeconds");
  if (timeout !== undefined && (timeout < 1 || timeout > 30)) {
    errors.push(
      invalid(`${path}.timeoutSeconds`, timeout, "the timeout value must be between 1 and 30 seconds"),
    );
  }
  const client = viewObject(value, "clientConfig");
  const isClear = (client["url"] === undefined) !== (client["service"] === undefined);
  if (!isClear) errors.push(required(`${path}.clientConfig`, "exactly one of url or service is required"));
  return [...errors, ...checkReviewVersions(webhook)];
}

function checkReviewVersions({ path, value }: At): readonly FieldError[] {
  const versions = viewArray(value, "admissionReviewVersions");
  const at = `${path}.admissionReviewVersions`;
  if (versions.length === 0) return [required(at, "must specify one of v1, v1beta1")];
  const isKnown = versions.includes("v1") || versions.includes("v1beta1");
  return isKnown ? [] : [invalid(at, versions, "must include at least one of v1, v1beta1")];
}

function checkWebhookRule({ path, value }: At): readonly FieldError[] {
  return ["operations", "apiGroups", "apiVersions", "resources"]
    .filter((field) => viewArray(value, field).length === 0)
    .map((field) => required(`${path}.${field}`));
}
