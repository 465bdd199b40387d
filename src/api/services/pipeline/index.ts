import type { ServiceMethods } from "../../call.ts";
import type { Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { getPromotion, listPromotions, promotionPlan } from "./promotions.ts";
import { get, list, watch } from "./read.ts";
import { requestMethods } from "./requests.ts";
import { create, remove, update } from "./write.ts";

/** `mooring.pipeline.PipelineService`: pipelines, promotions, and what people ask of them. */
export function pipelineMethods(context: ApiContext): ServiceMethods<"pipeline", Caller> {
  return {
    ...requestMethods(context),
    list: (query, call) => list(context, query, call),
    get: (query, call) => get(context, query, call),
    watch: (query, call) => watch(context, query, call),
    create: (request, call) => create(context, request, call),
    update: (request, call) => update(context, request, call),
    delete: (query, call) => remove(context, query, call),
    listPromotions: (query, call) => listPromotions(context, query, call),
    getPromotion: (query, call) => getPromotion(context, query, call),
    promotionPlan: (query, call) => promotionPlan(context, query, call),
  };
}
