import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewPath, viewString } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { type At, atLeast, fieldAt, itemsOf, type KindCheck, named, supported, text } from "./checks.ts";
import { forbidden, invalid, notSupported, required } from "./field-errors.ts";
import { immutable } from "./metadata.ts";
import { isDns1035Label } from "./names.ts";
import { checkClaimSpec } from "./claim-spec.ts";
import { checkTemplate } from "./pods/pod-spec.ts";
import { checkLabelSelector, isEmptySelector, selects } from "./selectors.ts";
import { checkDaemonSetStrategy, checkDeploymentStrategy, checkStatefulStrategy } from "./strategies.ts";

export const checkDeployment: KindCheck = ({ next, live }) => {
  const spec = specOf(next);
  const { value } = spec;
  const { minReadySeconds, progressDeadlineSeconds } = value;
  const errors = [
    ...checkCounts(spec, ["replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"]),
    ...checkSelector(spec, "deployment"),
    ...checkSelectedTemplate(spec),
    ...checkDeploymentStrategy(spec),
  ];
  if (
    typeof progressDeadlineSeconds === "number" &&
    progressDeadlineSeconds <= Number(minReadySeconds ?? 0)
  ) {
    const detail = "must be greater than minReadySeconds";
    errors.push(invalid("spec.progressDeadlineSeconds", progressDeadlineSeconds, detail));
  }
  return [...errors, ...unchanged(next, live, ["selector"])];
};

export const checkReplicaSet: KindCheck = ({ next, live }) => {
  const spec = specOf(next);
  return [
    ...checkCounts(spec, ["replicas", "minReadySeconds"]),
    ...checkSelector(spec, "replica set"),
    ...checkSelectedTemplate(spec),
    ...unchanged(next, live, ["selector"]),
  ];
};

export const checkDaemonSet: KindCheck = ({ next, live }) => {
  const spec = specOf(next);
  return [
    ...checkCounts(spec, ["minReadySeconds", "revisionHistoryLimit"]),
    ...(fieldAt(spec, "selector") === undefined ? [] : checkSelector(spec, "daemonset")),
    ...checkDaemonTemplate(spec),
    ...checkDaemonSetStrategy(spec),
    ...unchanged(next, live, ["selector"]),
  ];
};

/** Of a selector that cannot be read a DaemonSet says so once. */
function checkDaemonTemplate(spec: At): readonly FieldError[] {
  const selector = fieldAt(spec, "selector");
  if (selector === undefined || checkLabelSelector(selector).length === 0) return checkSelectedTemplate(spec);
  const labels = `${spec.path}.template.metadata.labels`;
  return checkPodTemplate(spec, undefined).filter(({ field }) => field !== labels);
}

export const checkStatefulSet: KindCheck = ({ next, live }) => {
  const spec = specOf(next);
  const { path, value } = spec;
  const policy = viewString(value, "podManagementPolicy");
  const errors: FieldError[] = [];
  if (policy !== "OrderedReady" && policy !== "Parallel") {
    errors.push(invalid(`${path}.podManagementPolicy`, policy, "must be 'OrderedReady' or 'Parallel'"));
  }
  errors.push(...checkStatefulStrategy(spec));
  const retention = fieldAt(spec, "persistentVolumeClaimRetentionPolicy");
  for (const field of ["whenDeleted", "whenScaled"]) {
    errors.push(
      ...supported(`${path}.persistentVolumeClaimRetentionPolicy.${field}`, retention?.value[field], [
        "Retain",
        "Delete",
      ]),
    );
  }
  const service = text(value, "serviceName");
  return [
    ...errors,
    ...checkCounts(spec, ["replicas", "minReadySeconds", "revisionHistoryLimit"]),
    ...(service === "" ? [] : named(`${path}.serviceName`, service, isDns1035Label)),
    ...checkSelector(spec, "statefulset"),
    ...checkSelectedTemplate(spec),
    ...checkOrdinals(value),
    ...(live === undefined ? checkClaimTemplates(spec) : []),
    ...unchanged(next, live, ["selector", "serviceName", "podManagementPolicy", "volumeClaimTemplates"]),
  ];
};

function checkOrdinals(spec: JsonObject): readonly FieldError[] {
  return atLeast("spec.ordinals.start", viewPath(spec, "ordinals", "start"), 0);
}

function checkClaimTemplates(spec: At): readonly FieldError[] {
  return itemsOf(spec.value, "volumeClaimTemplates", spec.path).flatMap(({ path, value }) =>
    checkClaimSpec({ path: `${path}.spec`, value: viewObject(value, "spec") }),
  );
}

export const checkReplicationController: KindCheck = ({ next }) => {
  const spec = specOf(next);
  const selector = viewObject(spec.value, "selector");
  const errors = [...checkCounts(spec, ["replicas", "minReadySeconds"])];
  if (Object.keys(selector).length === 0) errors.push(required("spec.selector"));
  return [...errors, ...checkPodTemplate(spec, { matchLabels: selector })];
};

export function specOf(object: JsonObject): At {
  return { path: "spec", value: viewObject(object, "spec") };
}

export function checkCounts({ path, value }: At, fields: readonly string[]): readonly FieldError[] {
  return fields.flatMap((field) => atLeast(`${path}.${field}`, value[field], 0));
}

/** Each field of the spec that may not change. */
function unchanged(
  next: JsonObject,
  live: JsonObject | undefined,
  fields: readonly string[],
): readonly FieldError[] {
  if (live === undefined) return [];
  return fields.flatMap((field) =>
    immutable(`spec.${field}`, viewObject(next, "spec")[field], viewObject(live, "spec")[field]),
  );
}

function checkSelector(spec: At, kind: string): readonly FieldError[] {
  const selector = fieldAt(spec, "selector");
  if (selector === undefined) return [required(`${spec.path}.selector`)];
  const errors = [...checkLabelSelector(selector)];
  if (isEmptySelector(selector.value)) {
    errors.push(invalid(selector.path, selector.value, `empty selector is invalid for ${kind}`));
  }
  return errors;
}

/** The template of a kind that has a LabelSelector, which has to match it. */
function checkSelectedTemplate(spec: At): readonly FieldError[] {
  const selector = fieldAt(spec, "selector");
  if (selector === undefined) return checkPodTemplate(spec, undefined);
  const isUnreadable = checkLabelSelector(selector).length > 0;
  if (isUnreadable) return [invalid(selector.path, selector.value, "invalid label selector")];
  return isEmptySelector(selector.value)
    ? checkPodTemplate(spec, {})
    : checkPodTemplate(spec, selector.value);
}

/** Pods that are kept running: their labels are selected, and they always restart. */
function checkPodTemplate(spec: At, selector: JsonObject | undefined): readonly FieldError[] {
  const template = fieldAt(spec, "template");
  if (template === undefined) return [required(`${spec.path}.template`)];
  const labels = viewObject(template.value, "metadata")["labels"];
  const errors: FieldError[] = [];
  if (selector === undefined || !selects(selector, isJsonObject(labels) ? labels : {})) {
    errors.push(notSelected(`${template.path}.metadata.labels`, labels));
  }
  errors.push(...checkTemplate(template, claimNames(spec)));
  const pods = viewObject(template.value, "spec");
  const path = `${template.path}.spec`;
  const restart = viewString(pods, "restartPolicy");
  if (restart !== undefined && restart !== "Always")
    errors.push(notSupported(`${path}.restartPolicy`, restart, ["Always"]));
  if (pods["activeDeadlineSeconds"] !== undefined) {
    errors.push(
      forbidden(`${path}.activeDeadlineSeconds`, "activeDeadlineSeconds in ReplicaSet is not Supported"),
    );
  }
  return errors;
}

/** Each of a StatefulSet's claims is a volume of its pods. */
function claimNames({ value }: At): readonly string[] {
  return viewArray(value, "volumeClaimTemplates").map((claim) => viewString(claim, "metadata", "name") ?? "");
}

export function notSelected(path: string, labels: JsonValue | undefined): FieldError {
  return invalid(path, labels, "`selector` does not match template `labels`");
}
