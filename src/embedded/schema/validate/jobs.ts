import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, jsonEqual, viewObject, viewString } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { type At, fieldAt, type KindCheck, supported, text } from "./checks.ts";
import { checkSchedule } from "./cron.ts";
import { invalid, notSupported, required } from "./field-errors.ts";
import { immutable } from "./metadata.ts";
import { checkTemplate } from "./pods/pod-spec.ts";
import { checkLabelSelector, selects } from "./selectors.ts";
import { checkCounts, notSelected, specOf } from "./workloads.ts";
import { textOf } from "../text-of.ts";

const uidLabel = "batch.kubernetes.io/controller-uid";
const counts = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
];
const maxCronName = 52;

export const checkJob: KindCheck = ({ next, live }) => {
  const spec = specOf(next);
  const errors = [...checkJobSpec(spec)];
  const selector = fieldAt(spec, "selector");
  if (selector === undefined) errors.push(required("spec.selector"));
  else
    errors.push(
      ...checkLabelSelector(selector),
      ...checkGenerated(spec, selector, (live ?? next).metadata.uid ?? ""),
    );
  const labels = viewObject(spec.value, "template", "metadata")["labels"];
  if (selector === undefined || !selects(selector.value, isJsonObject(labels) ? labels : {})) {
    errors.push(notSelected("spec.template.metadata.labels", labels));
  }
  return live === undefined ? errors : [...errors, ...checkJobUpdate(spec.value, viewObject(live, "spec"))];
};

/** Unless the selector is made by hand, it has to be the one that the API server makes. */
function checkGenerated(spec: At, selector: At, uid: string): readonly FieldError[] {
  if (spec.value["manualSelector"] === true) return [];
  const isGenerated = jsonEqual(selector.value, { matchLabels: { [uidLabel]: uid } });
  return isGenerated ? [] : [invalid(selector.path, selector.value, "`selector` not auto-generated")];
}

function checkJobSpec(spec: At): readonly FieldError[] {
  const { path, value } = spec;
  const errors = [...checkCounts(spec, counts)];
  if (value["completionMode"] === "Indexed" && value["completions"] === undefined) {
    errors.push(required(`${path}.completions`, "when completion mode is Indexed"));
  }
  errors.push(...supported(`${path}.completionMode`, value["completionMode"], ["NonIndexed", "Indexed"]));
  errors.push(
    ...supported(`${path}.podReplacementPolicy`, value["podReplacementPolicy"], [
      "Failed",
      "TerminatingOrFailed",
    ]),
  );
  const template = fieldAt(spec, "template");
  if (template === undefined) return [...errors, required(`${path}.template.spec.containers`)];
  return [...errors, ...checkTemplate(template), ...checkRestart(template)];
}

/** Pods of a Job end: they may restart when they fail or not at all. */
function checkRestart(template: At): readonly FieldError[] {
  const path = `${template.path}.spec.restartPolicy`;
  const policy = viewString(template.value, "spec", "restartPolicy");
  if (policy === "OnFailure" || policy === "Never") return [];
  if (policy === undefined || policy === "" || policy === "Always") {
    return [required(path, `valid values: "OnFailure", "Never"`)];
  }
  return [notSupported(path, policy, ["OnFailure", "Never"])];
}

function checkCompletions(next: JsonObject, live: JsonObject): readonly FieldError[] {
  const { completions } = next;
  if (next["completionMode"] !== "Indexed")
    return immutable("spec.completions", completions, live["completions"]);
  if (jsonEqual(completions ?? null, live["completions"] ?? null)) return [];
  return [invalid("spec.completions", completions, "can only be modified in tandem with spec.parallelism")];
}

function checkJobUpdate(next: JsonObject, live: JsonObject): readonly FieldError[] {
  const isElastic = next["completionMode"] === "Indexed" && next["completions"] === next["parallelism"];
  const fields = [
    "selector",
    "completionMode",
    "podFailurePolicy",
    "backoffLimitPerIndex",
    "managedBy",
    "successPolicy",
  ];
  return [
    ...(isElastic ? [] : checkCompletions(next, live)),
    ...fields.flatMap((field) => immutable(`spec.${field}`, next[field], live[field])),
    ...immutable("spec.template", comparableTemplate(next, live), comparableTemplate(live, live)),
  ];
}

/** While a Job is suspended, where its pods may run can still change. */
function comparableTemplate(spec: JsonObject, live: JsonObject): JsonValue {
  const template = viewObject(spec, "template");
  if (live["suspend"] !== true) return template;
  const {
    nodeSelector: _,
    tolerations: __,
    affinity: ___,
    schedulingGates: ____,
    ...pods
  } = viewObject(template, "spec");
  return pods;
}

export const checkCronJob: KindCheck = ({ next, live }) => {
  const spec = specOf(next);
  const { path, value } = spec;
  const name = next.metadata.name ?? "";
  const errors: FieldError[] = [];
  if (live === undefined && name.length > maxCronName) {
    errors.push(invalid("metadata.name", name, `must be no more than ${maxCronName} characters`));
  }
  const schedule = text(value, "schedule");
  errors.push(
    ...(schedule === "" ? [required(`${path}.schedule`)] : checkSchedule(`${path}.schedule`, schedule)),
  );
  errors.push(...checkTimeZone(`${path}.timeZone`, value["timeZone"]));
  errors.push(
    ...supported(`${path}.concurrencyPolicy`, value["concurrencyPolicy"], ["Allow", "Forbid", "Replace"]),
  );
  errors.push(
    ...checkCounts(spec, ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"]),
  );
  const job = fieldAt({ path: `${path}.jobTemplate`, value: viewObject(value, "jobTemplate") }, "spec");
  return job === undefined ? errors : [...errors, ...checkJobSpec(job)];
};

function checkTimeZone(path: string, zone: JsonValue | undefined): readonly FieldError[] {
  if (zone === undefined) return [];
  const name = textOf(zone);
  if (name === "") return [invalid(path, name, "timeZone must be nil or non-empty string")];
  if (name.toLowerCase() === "local")
    return [
      invalid(
        path,
        name,
        "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones",
      ),
    ];
  return isTimeZone(name) ? [] : [invalid(path, name, `unknown time zone ${name}`)];
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
