import type { JsonObject } from "#core/object/index.ts";
import { viewNumber, viewObject } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { atLeast, type KindCheck } from "./checks.ts";
import { invalid } from "./field-errors.ts";
import { checkIngressStatus, checkServiceStatus } from "./load-balancer-status.ts";

interface Counts {
  /** Fields of the status that count something. */
  readonly fields: readonly string[];
  /** Those that are no more than another, and what is said of more. */
  readonly bounds?: readonly (readonly [field: string, bound: string, detail: string])[];
}

const ofAll = "cannot be greater than status.replicas";

/** A check of a status that only counts. */
function counting({ fields, bounds = [] }: Counts): KindCheck {
  return ({ next, live }) => {
    const status = viewObject(next, "status");
    return [
      ...fields.flatMap((field) => atLeast(`status.${field}`, status[field], 0)),
      ...bounds.flatMap(([field, bound, detail]) =>
        countOf(status, field) > countOf(status, bound)
          ? [invalid(`status.${field}`, countOf(status, field), detail)]
          : [],
      ),
      ...checkCollisions(status, viewObject(live, "status")),
    ];
  };
}

function countOf(status: JsonObject, field: string): number {
  return viewNumber(status, field) ?? 0;
}

function checkCollisions(next: JsonObject, live: JsonObject): readonly FieldError[] {
  const [count, before] = [viewNumber(next, "collisionCount"), viewNumber(live, "collisionCount")];
  if (before === undefined || (count ?? -1) >= before) return [];
  return [invalid("status.collisionCount", count, "cannot be decremented")];
}

/** What is wrong with the status of a kind, by `group/Kind`. */
export const statusChecks: Readonly<Record<string, KindCheck>> = {
  "/Service": checkServiceStatus,
  "networking.k8s.io/Ingress": checkIngressStatus,
  "apps/Deployment": counting({
    fields: [
      "observedGeneration",
      "replicas",
      "updatedReplicas",
      "readyReplicas",
      "availableReplicas",
      "unavailableReplicas",
      "collisionCount",
    ],
    bounds: [
      ["updatedReplicas", "replicas", ofAll],
      ["readyReplicas", "replicas", ofAll],
      ["availableReplicas", "replicas", ofAll],
      ["availableReplicas", "readyReplicas", "cannot be greater than readyReplicas"],
    ],
  }),
  "apps/ReplicaSet": counting({
    fields: ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"],
    bounds: [
      ["fullyLabeledReplicas", "replicas", ofAll],
      ["readyReplicas", "replicas", ofAll],
      ["availableReplicas", "replicas", ofAll],
      ["availableReplicas", "readyReplicas", "cannot be greater than readyReplicas"],
    ],
  }),
  "apps/StatefulSet": counting({
    fields: [
      "replicas",
      "readyReplicas",
      "currentReplicas",
      "updatedReplicas",
      "availableReplicas",
      "observedGeneration",
      "collisionCount",
    ],
    bounds: [
      ["readyReplicas", "replicas", ofAll],
      ["currentReplicas", "replicas", ofAll],
      ["updatedReplicas", "replicas", ofAll],
      ["availableReplicas", "replicas", ofAll],
      ["availableReplicas", "readyReplicas", "cannot be greater than status.readyReplicas"],
    ],
  }),
  "apps/DaemonSet": counting({
    fields: [
      "currentNumberScheduled",
      "numberMisscheduled",
      "desiredNumberScheduled",
      "numberReady",
      "observedGeneration",
      "updatedNumberScheduled",
      "numberAvailable",
      "numberUnavailable",
      "collisionCount",
    ],
  }),
};
