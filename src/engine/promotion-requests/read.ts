import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { Pipeline, Promotion } from "#core/promotion/index.ts";
import { parsePipeline, parsePromotion, promotionLabels } from "#core/promotion/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Cluster, ObjectRef } from "#ports/cluster.ts";
import { hubTypes } from "../hub-types.ts";

/** Where requests go. */
export interface RequestPlace {
  readonly cluster: Cluster;
  readonly fieldManager: string;
  readonly signal: AbortSignal;
}

export function pipelineRef(namespace: string, name: string): ObjectRef {
  return { type: hubTypes.pipeline, namespace, name };
}

export function promotionRef(namespace: string, name: string): ObjectRef {
  return { type: hubTypes.promotion, namespace, name };
}

/** The Promotions of a stage that can be read, in no order. */
export async function listPromotions(
  { cluster, signal }: Pick<RequestPlace, "cluster" | "signal">,
  { namespace, name }: Pick<Pipeline, "namespace" | "name">,
  stage: string,
): Promise<readonly Promotion[]> {
  const labelSelector = Object.entries(promotionLabels(name, stage))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const objects = await cluster.list(hubTypes.promotion, { namespace, labelSelector, signal });
  return objects
    .flatMap((object) => readPromotion(object) ?? [])
    .filter(({ spec }) => spec.pipeline === name && spec.stage === stage);
}

/** Undefined for one that somebody wrote by hand so that it cannot be read: it stands for nothing. */
export function readPromotion(object: KubeObject): Promotion | undefined {
  try {
    return parsePromotion(object);
  } catch (error) {
    if (isMooringError(error, "APP_INVALID")) return undefined;
    throw error;
  }
}

/** The Pipeline whose stage a Promotion is of. Throws APP_NOT_FOUND. */
export async function pipelineOf(
  { cluster, signal }: Pick<RequestPlace, "cluster" | "signal">,
  { namespace, name, spec }: Promotion,
): Promise<Pipeline> {
  const object = await cluster.read(pipelineRef(namespace, spec.pipeline), signal);
  if (object !== undefined) return parsePipeline(object);
  throw new MooringError(
    "APP_NOT_FOUND",
    `Promotion/${namespace}/${name}: its Pipeline ${spec.pipeline} does not exist any more; see the list of pipelines`,
  );
}

export function gone(kind: "Pipeline" | "Promotion", namespace: string, name: string): MooringError {
  return new MooringError(
    "APP_NOT_FOUND",
    `${kind}/${namespace}/${name}: does not exist; see the list of ${kind.toLowerCase()}s`,
  );
}
