import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { Pipeline, Promotion } from "#core/promotion/index.ts";
import { approve, parsePipeline, parsePromotion, requireStage } from "#core/promotion/index.ts";
import type { ApprovalRequest } from "#core/promotion/index.ts";
import { patchObject } from "../patch-object.ts";
import type { RequestPlace } from "./read.ts";
import { gone, pipelineOf, pipelineRef, promotionRef } from "./read.ts";

/** People who decide at the same moment, and the controller, write one status. */
const tries = 30;

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Changes the status of a Promotion by what `decide` makes of it as it is then. Throws APP_NOT_FOUND. */
export async function decidePromotion(
  { cluster, ...options }: RequestPlace,
  { namespace, name }: Named,
  decide: (promotion: Promotion) => JsonObject | undefined,
): Promise<KubeObject> {
  const changed = await patchObject(cluster, promotionRef(namespace, name), {
    ...options,
    subresource: "status",
    tries,
    decide: (object) => decide(parsePromotion(object)),
  });
  if (changed === undefined) throw gone("Promotion", namespace, name);
  return changed;
}

/** Adds an approval. Throws as `approve` does. */
export async function approvePromotion(
  place: RequestPlace,
  promotion: Promotion,
  request: ApprovalRequest,
): Promise<KubeObject> {
  const { gates } = requireStage(await pipelineOf(place, promotion), promotion.spec.stage);
  return await decidePromotion(place, promotion, (now) => approve(now, gates, request));
}

/** Changes the annotations of a Pipeline by what `decide` makes of it as it is then. Throws APP_NOT_FOUND. */
export async function annotatePipeline(
  { cluster, ...options }: RequestPlace,
  { namespace, name }: Named,
  decide: (pipeline: Pipeline) => JsonObject,
): Promise<KubeObject> {
  const changed = await patchObject(cluster, pipelineRef(namespace, name), {
    ...options,
    tries,
    decide: (object) => decide(parsePipeline(object)),
  });
  if (changed === undefined) throw gone("Pipeline", namespace, name);
  return changed;
}
