import { queryOptions } from "@tanstack/react-query";
import { call } from "../../lib/api/index.ts";
import { readPipeline, readPromotion } from "./pipeline.ts";

export interface PipelineName {
  readonly namespace: string;
  readonly name: string;
}

export const pipelinesQuery = queryOptions({
  queryKey: ["pipelines"],
  queryFn: async ({ signal }) =>
    ((await call("pipeline.list", {}, { signal })).items ?? []).map((each) => readPipeline(each)),
});

export const pipelineQuery = ({ namespace, name }: PipelineName) =>
  queryOptions({
    queryKey: ["pipeline", namespace, name],
    queryFn: async ({ signal }) => readPipeline(await call("pipeline.get", { name, namespace }, { signal })),
  });

const openPhases = ["Pending", "Waiting", "Writing", "Proposed", "Applying", "Verifying"];
/** Streams tell of pipelines; what moves within a promotion is asked for. */
const openEveryMs = 5_000;
const restEveryMs = 15_000;

/** Promotions that are under way, of all pipelines. */
export const openPromotionsQuery = queryOptions({
  queryKey: ["promotions", "open"],
  queryFn: async ({ signal }) => {
    const asked = { phases: openPhases, limit: 500 };
    return ((await call("pipeline.listPromotions", asked, { signal })).items ?? []).map((each) =>
      readPromotion(each),
    );
  },
  refetchInterval: openEveryMs,
});

/** Promotions of one pipeline, newest first. */
export const historyQuery = ({ namespace, name }: PipelineName) =>
  queryOptions({
    queryKey: ["promotions", "of", namespace, name],
    queryFn: async ({ signal }) => {
      const asked = { pipeline: name, namespace, limit: 500 };
      return ((await call("pipeline.listPromotions", asked, { signal })).items ?? []).map((each) =>
        readPromotion(each),
      );
    },
    refetchInterval: restEveryMs,
  });

export const promotionQuery = ({ namespace, name }: PipelineName) =>
  queryOptions({
    queryKey: ["promotion", namespace, name],
    queryFn: async ({ signal }) =>
      readPromotion(await call("pipeline.getPromotion", { promotion: name, namespace }, { signal })),
    refetchInterval: openEveryMs,
  });

/** What was let past its gates and may still be there; rare, and named by the stages that have it. */
export const brokenGlassQuery = queryOptions({
  queryKey: ["promotions", "broken-glass"],
  queryFn: async ({ signal }) => {
    const fields =
      "items.metadata.name,items.metadata.namespace,items.spec,items.status.phase,items.status.breakGlass";
    const asked = { phases: ["Succeeded", "Failed"], limit: 500 };
    const { items = [] } = await call("pipeline.listPromotions", asked, { signal, fields });
    return items.map((each) => readPromotion(each)).filter(({ status }) => status.breakGlass !== undefined);
  },
  staleTime: 60_000,
});
