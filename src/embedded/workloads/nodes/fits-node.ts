import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, labelsOf, viewArray, viewObject, viewString } from "#core/object/index.ts";
import { isConditionTrue } from "../base/conditions.ts";
import { matcherOf } from "../base/match-selector.ts";
import { isDeleting, nameOf } from "../base/owned.ts";

/** Why a pod cannot run on a node, in the scheduler's words; undefined when it can. */
export function misfitOf(spec: JsonObject, node: KubeObject): string | undefined {
  if (isDeleting(node) || !isConditionTrue(node, "Ready")) return "node(s) were not ready";
  if (!isSelected(spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  const taint = taintsOf(node).find((each) => !isTolerated(spec, each));
  if (taint === undefined) return undefined;
  if (viewString(taint, "key") === unschedulable) return "node(s) were unschedulable";
  return `node(s) had untolerated taint(s)`;
}

/** Whether the pod asks for this node, and its taints let a pod of its node's own stay. */
export function isEligible(spec: JsonObject, node: KubeObject): boolean {
  const tolerant = { ...spec, tolerations: [...viewArray(spec, "tolerations"), ...daemonTolerations] };
  return misfitOf(tolerant, node) === undefined;
}

const unschedulable = "node.kubernetes.io/unschedulable";

/** What the DaemonSet controller adds, so that its pods run where others may not. */
export const daemonTolerations: readonly JsonObject[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: unschedulable, operator: "Exists", effect: "NoSchedule" },
];

function taintsOf(node: KubeObject): readonly JsonObject[] {
  const taints = viewArray(node, "spec", "taints").filter(isJsonObject);
  const cordoned = viewObject(node, "spec")["unschedulable"] === true;
  const all = cordoned ? [...taints, { key: unschedulable, effect: "NoSchedule" }] : taints;
  return all.filter((taint) => viewString(taint, "effect") !== "PreferNoSchedule");
}

function isTolerated(spec: JsonObject, taint: JsonObject): boolean {
  return viewArray(spec, "tolerations").some((each) => {
    const { key = "", operator = "Equal", value = "", effect = "" } = viewObject(each);
    if (effect !== "" && effect !== taint["effect"]) return false;
    if (operator === "Exists") return key === "" || key === taint["key"];
    return key === taint["key"] && value === (taint["value"] ?? "");
  });
}

function isSelected(spec: JsonObject, node: KubeObject): boolean {
  const selector = viewObject(spec, "nodeSelector");
  if (Object.entries(selector).some(([label, value]) => labelsOf(node)[label] !== value)) return false;
  const required = viewObject(spec, "affinity", "nodeAffinity")[
    "requiredDuringSchedulingIgnoredDuringExecution"
  ];
  if (!isJsonObject(required)) return true;
  return viewArray(required, "nodeSelectorTerms").some((term) => meetsTerm(term, node));
}

function meetsTerm(term: JsonValue, node: KubeObject): boolean {
  const [labels, fields] = [viewArray(term, "matchExpressions"), viewArray(term, "matchFields")];
  if (labels.length + fields.length === 0) return false;
  const byLabel = matcherOf({ matchLabels: {}, matchExpressions: labels });
  const isNamed = fields.every((field) => viewArray(field, "values").includes(nameOf(node)));
  return byLabel(labelsOf(node)) && isNamed;
}
