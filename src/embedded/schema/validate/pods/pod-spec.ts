import type { JsonObject } from "#core/object/index.ts";
import { viewArray } from "#core/object/index.ts";
import type { FieldError } from "../../rules.ts";
import { type At, between, fieldAt, itemsOf, named, supported, text } from "../checks.ts";
import { forbidden, required } from "../field-errors.ts";
import { isLabel, isSubdomain } from "../names.ts";
import { checkLabelMap } from "../selectors.ts";
import { checkContainers, checkImages } from "./containers.ts";
import { checkDns, checkHostAliases } from "./dns.ts";
import { checkScheduling } from "./scheduling.ts";
import { checkPodSecurity } from "./security.ts";
import { checkVolumes, volumeNames } from "./volumes.ts";

const restartPolicies = ["Always", "OnFailure", "Never"];
const maxSeconds = 2 ** 31 - 1;

/**
 * What is wrong with a pod, or with the template of pods, at a path such as `spec.template.spec`. `claims` names volumes that come
 * from elsewhere.
 */
function checkPodSpec(at: At, claims: readonly string[] = []): readonly FieldError[] {
  if (claims.length === 0 && sound.has(at.value)) return [];
  const errors = podSpecErrors(at, claims);
  if (claims.length === 0 && errors.length === 0) sound.add(at.value);
  return errors;
}

/** Pods of which nothing was wrong: a Deployment, its ReplicaSets and all writes that do not change them share them. */
const sound = new WeakSet<JsonObject>();

function podSpecErrors(at: At, claims: readonly string[]): readonly FieldError[] {
  const { path, value: spec } = at;
  const volumes = new Set([...volumeNames(spec), ...claims]);
  return [
    ...checkVolumes(at),
    ...checkContainers(at, volumes),
    ...supported(`${path}.restartPolicy`, spec["restartPolicy"], restartPolicies),
    ...checkDns(at),
    ...checkLabelMap(`${path}.nodeSelector`, spec["nodeSelector"]),
    ...checkNames(at),
    ...between(`${path}.activeDeadlineSeconds`, spec["activeDeadlineSeconds"], [1, maxSeconds]),
    ...checkPodSecurity(at),
    ...checkScheduling(at),
    ...checkHostAliases(at),
    ...itemsOf(spec, "readinessGates", path).flatMap((gate) =>
      text(gate.value, "conditionType") === "" ? [required(`${gate.path}.conditionType`)] : [],
    ),
  ];
}

function checkNames({ path, value: spec }: At): readonly FieldError[] {
  const checks = [
    ["serviceAccountName", isSubdomain],
    ["nodeName", isSubdomain],
    ["hostname", isLabel],
    ["subdomain", isLabel],
    ["priorityClassName", isSubdomain],
    ["runtimeClassName", isSubdomain],
  ] as const;
  return checks.flatMap(([field, check]) => {
    const name = text(spec, field);
    return name === "" ? [] : named(`${path}.${field}`, name, check);
  });
}

/** What only a pod itself is refused for, not a template. */
export function checkNewPod(at: At): readonly FieldError[] {
  const { path, value: spec } = at;
  const errors = [...checkPodSpec(at), ...checkImages(at)];
  if (viewArray(spec, "ephemeralContainers").length > 0) {
    errors.push(forbidden(`${path}.ephemeralContainers`, "cannot be set on create"));
  }
  return errors;
}

/** A template at `spec.template`: its labels and annotations, and its pods. */
export function checkTemplate(at: At, claims: readonly string[] = []): readonly FieldError[] {
  const metadata = fieldAt(at, "metadata");
  const spec = fieldAt(at, "spec");
  const errors = [...checkLabelMap(`${at.path}.labels`, metadata?.value["labels"])];
  if (spec === undefined) return [...errors, required(`${at.path}.spec.containers`)];
  errors.push(...checkPodSpec(spec, claims));
  if (viewArray(spec.value, "ephemeralContainers").length > 0) {
    errors.push(
      forbidden(`${spec.path}.ephemeralContainers`, "ephemeral containers not allowed in pod template"),
    );
  }
  return errors;
}
