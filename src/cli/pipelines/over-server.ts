import type { ApiClient } from "#api/contract/api-client.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { CliHub } from "../hub.ts";
import type { CliPorts } from "../ports.ts";
import { asObject } from "../server/as-object.ts";
import type { ObjectName, PipelineEvent, Pipelines, PromotionFilter, StageTarget } from "./port.ts";

const asPipeline = (shape: unknown): KubeObject => asObject(hubTypes.pipeline, shape);
const asPromotion = (shape: unknown): KubeObject => asObject(hubTypes.promotion, shape);
const stageOf = ({ namespace, name, stage }: StageTarget) => ({ namespace, pipeline: name, stage });
const promotionOf = ({ namespace, name }: ObjectName) => ({ namespace, promotion: name });

/** Disposes the hub with itself. */
export function pipelinesOverServer(hub: CliHub, { signal }: Pick<CliPorts, "signal">): Pipelines {
  const ask = asked(hub);
  return {
    namespace: hub.namespace,
    place: hub.place,
    list: async (namespace = "") => {
      const { items = [] } = await ask.list({ namespace }, signal);
      return items.map((item) => asPipeline(item));
    },
    get: async (name) => asPipeline(await ask.get(name, signal)),
    create: async ({ metadata, ...object }, { upsert }) => {
      const pipeline = { metadata: metadata as JsonObject, spec: object["spec"] as JsonObject };
      return asPipeline(await ask.create({ pipeline, upsert }, signal));
    },
    remove: async (name) => void (await ask.delete(name, signal)),
    watch: (name = "", namespace = "") => watch(ask, { name, namespace }, signal),
    refresh: async (name) => asPipeline(await ask.refresh(name, signal)),
    hold: async (target, reason) => asPipeline(await ask.hold({ ...stageOf(target), reason }, signal)),
    resume: async (target) => asPipeline(await ask.resume(stageOf(target), signal)),
    promote: async (target, asking) =>
      asPromotion(await ask.promote({ ...stageOf(target), ...asking }, signal)),
    rollback: async (target, asking) =>
      asPromotion(await ask.rollback({ ...stageOf(target), ...asking }, signal)),
    release: async (targets, asking) => {
      const request = { ...asking, targets: targets.map((target) => stageOf(target)) };
      const { items = [] } = await ask.release(request, signal);
      return items.map((item) => asPromotion(item));
    },
    listPromotions: async (filter) => await listPromotions(ask, filter, signal),
    getPromotion: async (name) => asPromotion(await ask.getPromotion(promotionOf(name), signal)),
    approve: async (name, asking) =>
      asPromotion(await ask.approve({ ...promotionOf(name), ...asking }, signal)),
    reject: async (name, reason) => asPromotion(await ask.reject({ ...promotionOf(name), reason }, signal)),
    breakGlass: async (name, reason) =>
      asPromotion(await ask.breakGlass({ ...promotionOf(name), reason }, signal)),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

type Ask = ApiClient["ask"]["pipeline"];

function asked({ api, place }: CliHub): Ask {
  if (api === undefined) throw new Error(`${place} is no server`);
  return api.ask.pipeline;
}

async function* watch(
  ask: Ask,
  query: { readonly name: string; readonly namespace: string },
  signal: AbortSignal,
): AsyncIterable<PipelineEvent> {
  for await (const { type = "", pipeline } of ask.watch(query, signal))
    yield { type: type as PipelineEvent["type"], pipeline: asPipeline(pipeline) };
}

const pageSize = 500;

async function listPromotions(
  ask: Ask,
  { namespace = "", pipeline = "", stage = "", phases = [] }: PromotionFilter,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const found: KubeObject[] = [];
  let from = "";
  do {
    const query = { namespace, pipeline, stage, phases, limit: pageSize, continue: from };
    const { items = [], continue: next = "" } = await ask.listPromotions(query, signal);
    found.push(...items.map((item) => asPromotion(item)));
    from = next;
  } while (from !== "");
  return found;
}
