import type { JsonObject, JsonValue } from "#core/object/index.ts";
import {
  isJsonObject,
  jsonEqual,
  viewArray,
  viewNumber,
  viewObject,
  viewString,
} from "#core/object/index.ts";
import { type Draft, fill, isUnset, open } from "../defaults/draft.ts";
import type { ClusterAllocations, Prepare } from "./prepare.ts";

/** What the strategy and the default admission of pods set when a pod is made. */
export const preparePod: Prepare = (draft, write, cluster) => {
  if (write.live !== undefined) return;
  const spec = open(draft, "spec");
  fill(spec, { serviceAccountName: "default", serviceAccount: "default" });
  setPriority(spec, cluster);
  spec["tolerations"] = [...viewArray(spec, "tolerations"), ...missingTolerations(spec)];
  draft["status"] = { phase: "Pending", qosClass: qualityOf(spec) };
};

const builtInPriorities: Readonly<Record<string, number>> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

function setPriority(spec: Draft, cluster: ClusterAllocations): void {
  const name = viewString(spec, "priorityClassName") ?? "";
  const found = cluster.priorityClass?.(name);
  if (name === "" && found !== undefined) spec["priorityClassName"] = viewString(found, "metadata", "name");
  spec["priority"] ??= viewNumber(found, "value") ?? builtInPriorities[name] ?? 0;
  fill(spec, { preemptionPolicy: viewString(found, "preemptionPolicy") ?? "PreemptLowerPriority" });
}

/** A pod leaves a node that does not answer after five minutes, unless it says otherwise. */
function missingTolerations(spec: JsonObject): readonly JsonObject[] {
  return ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]
    .filter((key) => !viewArray(spec, "tolerations").some((item) => tolerates(item, key)))
    .map((key) => ({ effect: "NoExecute", key, operator: "Exists", tolerationSeconds: 300 }));
}

function tolerates(toleration: JsonValue, key: string): boolean {
  const { key: ofKey, effect } = viewObject(toleration);
  return (isUnset(ofKey) || ofKey === key) && (isUnset(effect) || effect === "NoExecute");
}

/** The pod's quality of service: all containers guaranteed, some of it, or best effort. */
function qualityOf(spec: JsonObject): string {
  const resources = spec["resources"];
  if (isJsonObject(resources)) return qualityOfRequirements(resources);
  const containers = [...viewArray(spec, "initContainers"), ...viewArray(spec, "containers")];
  const qualities = new Set(
    containers.map((container) => qualityOfRequirements(viewObject(container, "resources"))),
  );
  if (qualities.size > 1) return "Burstable";
  return [...qualities][0] ?? "BestEffort";
}

function qualityOfRequirements(resources: JsonObject): string {
  const computing = (list: JsonObject): JsonObject =>
    Object.fromEntries(
      ["cpu", "memory"].filter((name) => isPositive(list[name])).map((name) => [name, list[name]]),
    );
  const limits = computing(viewObject(resources, "limits"));
  const requests = computing(viewObject(resources, "requests"));
  const count = Object.keys(limits).length;
  if (count === 0 && Object.keys(requests).length === 0) return "BestEffort";
  return count === 2 && jsonEqual(limits, requests) ? "Guaranteed" : "Burstable";
}

function isPositive(quantity: JsonValue | undefined): boolean {
  return quantity !== undefined && quantity !== "0";
}
