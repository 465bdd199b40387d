import { viewNumber, viewObject, viewString } from "#core/object/index.ts";
import { atLeast, type KindCheck } from "./checks.ts";
import { forbidden, invalid } from "./field-errors.ts";

const maxPriority = 1_000_000_000;

const systemPriorities = ["system-cluster-critical", "system-node-critical"];

export const checkPriorityClass: KindCheck = ({ next, live }) => {
  const name = next.metadata.name ?? "";
  const value = viewNumber(next, "value") ?? 0;
  if (live !== undefined) {
    const detail = "may not be changed in an update.";
    return ["value", "preemptionPolicy"].flatMap((field) =>
      next[field] === live[field] ? [] : [forbidden(field, detail)],
    );
  }
  if (name.startsWith("system-")) {
    if (systemPriorities.includes(name)) return [];
    const detail = `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`;
    return [forbidden("metadata.name", detail)];
  }
  if (value <= maxPriority) return [];
  return [forbidden("value", `maximum allowed value of a user defined priority is ${maxPriority}`)];
};

export const checkLease: KindCheck = ({ next }) => {
  const spec = viewObject(next, "spec");
  return [
    ...atLeast("spec.leaseDurationSeconds", spec["leaseDurationSeconds"], 1),
    ...atLeast("spec.leaseTransitions", spec["leaseTransitions"], 0),
  ];
};

/** An event is where the object is that it tells of; for objects of the cluster in `default`. */
export const checkEvent: KindCheck = ({ next }) => {
  const of = viewString(next, "involvedObject", "namespace") ?? "";
  const { namespace = "" } = next.metadata;
  if (of === namespace || (of === "" && (namespace === "default" || namespace === "kube-system"))) return [];
  return [invalid("involvedObject.namespace", of, "does not match event.namespace")];
};
