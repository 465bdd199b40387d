import { createHash } from "node:crypto";
import { mooringApiVersion } from "#core/crd/parse-object.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewPath, viewString } from "#core/object/index.ts";
import type { Gate } from "#core/promotion/index.ts";
import type { GateContext } from "./gate-context.ts";

export const promotionUidLabel = "mooring.dev/promotion-uid";
const readableLength = 40;

/** The same for the same gate of the same plan of a promotion, so that no crash makes a Job twice. */
export function jobName(gate: Gate, { promotion }: GateContext, attempt: number): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([promotion.uid, gate.name, attempt, promotion.status.plan?.digest ?? ""]))
    .digest("hex");
  return `${promotion.name.slice(0, readableLength).replace(/[^a-z0-9]+$/u, "")}-${hash.slice(0, 10)}`;
}

export interface WantedJob {
  readonly name: string;
  readonly namespace: string;
}

/** A Job as the gate describes it, with what is promoted in the environment of each container. */
export function jobObject(gate: Gate, context: GateContext, { name, namespace }: WantedJob): KubeObject {
  const { promotion, pipeline, stage } = context;
  const spec = gate.spec.job?.spec ?? {};
  // Kubernetes lets nobody own what is in another namespace, and would take it away at once.
  const owner = {
    apiVersion: mooringApiVersion,
    kind: "Promotion",
    name: promotion.name,
    uid: promotion.uid,
  };
  const isOwned = namespace === promotion.namespace;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      namespace,
      labels: {
        "app.kubernetes.io/managed-by": "mooring",
        "mooring.dev/stage": stage.name,
        [promotionUidLabel]: promotion.uid,
      },
      annotations: {
        "mooring.dev/promotion": `${promotion.namespace}/${promotion.name}`,
        "mooring.dev/gate": gate.name,
      },
      ...(isOwned ? { ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: false }] } : {}),
    },
    spec: {
      ...(isOwned ? {} : { ttlSecondsAfterFinished: 86_400 }),
      ...(spec as JsonObject),
      template: withEnvironment(viewPath(spec as JsonObject, "template"), {
        MOORING_REVISION: promotion.spec.revision,
        MOORING_STAGE: stage.name,
        MOORING_PIPELINE: pipeline.name,
        MOORING_PROMOTION: promotion.name,
      }),
    },
  };
}

function withEnvironment(
  template: JsonValue | undefined,
  variables: Readonly<Record<string, string>>,
): JsonObject {
  const given = template !== undefined && isJsonObject(template) ? template : {};
  const pod = viewPath(given, "spec");
  const spec = pod !== undefined && isJsonObject(pod) ? pod : {};
  const lists = (["containers", "initContainers"] as const).filter((list) => spec[list] !== undefined);
  const changed = lists.map(
    (list) => [list, viewArray(spec, list).map((one) => withVariables(one, variables))] as const,
  );
  return { ...given, spec: { restartPolicy: "Never", ...spec, ...Object.fromEntries(changed) } };
}

function withVariables(container: JsonValue, variables: Readonly<Record<string, string>>): JsonValue {
  if (!isJsonObject(container)) return container;
  const others = viewArray(container, "env").filter((one) => !((viewString(one, "name") ?? "") in variables));
  const own = Object.entries(variables).map(([name, value]) => ({ name, value }));
  return { ...container, env: [...others, ...own] };
}
