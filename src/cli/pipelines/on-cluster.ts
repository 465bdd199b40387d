import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { mergePatchOf, viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { Person } from "#core/promotion/index.ts";
import {
  breakGlass,
  hold,
  parsePipeline,
  parsePromotion,
  refresh,
  reject,
  resume,
} from "#core/promotion/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import * as requests from "#engine/promotion-requests/index.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";
import type { ClusterHub } from "../hub.ts";
import { cliFieldManager } from "../hub.ts";
import type { CliPorts } from "../ports.ts";
import type { ObjectName, PipelineEvent, Pipelines, PromotionFilter } from "./port.ts";

interface Place extends requests.RequestPlace {
  /** Who the cluster takes the kubeconfig's user for, with the time. */
  readonly asking: () => Promise<{ readonly person: Person; readonly at: string }>;
  readonly at: () => string;
}

/** Disposes the hub with itself. Who may do what, Kubernetes says. */
export function pipelinesOnCluster(hub: ClusterHub, { signal, clock }: CliPorts): Pipelines {
  const { cluster } = hub;
  const at = (): string => new Date(clock.now()).toISOString();
  const asking = async () => ({ person: await whoAmI(cluster, signal), at: at() });
  const place: Place = { cluster, fieldManager: cliFieldManager, signal, asking, at };
  return {
    namespace: hub.namespace,
    place: hub.place,
    ...objects(place),
    ...requestsOf(place),
    ...decisions(place),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

const reviewType: ResourceType = {
  group: "authentication.k8s.io",
  version: "v1",
  kind: "SelfSubjectReview",
  plural: "selfsubjectreviews",
  namespaced: false,
  verbs: ["create"],
  shortNames: [],
};

/** Who the cluster says that asks: what somebody says of themself would be worth nothing. */
async function whoAmI(cluster: Cluster, signal: AbortSignal): Promise<Person> {
  const review = { apiVersion: "authentication.k8s.io/v1", kind: reviewType.kind, metadata: {} };
  const answer = await cluster.create(reviewType, review, { fieldManager: cliFieldManager, signal });
  const username = viewString(answer, "status", "userInfo", "username") ?? "";
  const groups = viewArray(answer, "status", "userInfo", "groups").filter((one) => typeof one === "string");
  if (username !== "") return { username, groups };
  throw new MooringError(
    "POLICY_FORBIDDEN",
    "SelfSubjectReview: the cluster does not say who you are, and nobody in particular decides nothing; log in to a server",
  );
}

function objects({
  cluster,
  fieldManager,
  signal,
}: Place): Pick<Pipelines, "list" | "get" | "create" | "remove" | "watch"> {
  const get = async ({ namespace, name }: ObjectName): Promise<KubeObject> => {
    const found = await cluster.read(requests.pipelineRef(namespace, name), signal);
    if (found === undefined) throw requests.gone("Pipeline", namespace, name);
    return found;
  };
  return {
    list: async (namespace) => await cluster.list(hubTypes.pipeline, { ...inNamespace(namespace), signal }),
    get,
    create: async (pipeline, { upsert }) => {
      parsePipeline(pipeline);
      const { namespace = "", name = "" } = pipeline.metadata;
      const ref = requests.pipelineRef(namespace, name);
      const options = { fieldManager, fieldValidation: "Strict", signal } as const;
      if ((await cluster.read(ref, signal)) === undefined)
        return await cluster.create(hubTypes.pipeline, pipeline, options);
      const decide = (object: KubeObject) => changeOf(object, pipeline, upsert);
      return (await patchObject(cluster, ref, { decide, fieldManager, signal })) ?? pipeline;
    },
    remove: async (named) => {
      const { namespace = "", name = "", uid = "" } = (await get(named)).metadata;
      await cluster.remove(requests.pipelineRef(namespace, name), { propagation: "Background", uid, signal });
    },
    watch: (name, namespace) => watch(cluster, { name, namespace, signal }),
  };
}

function changeOf(before: KubeObject, after: KubeObject, upsert: boolean): JsonObject | undefined {
  const spec = mergePatchOf(viewObject(before, "spec"), viewObject(after, "spec"));
  if (spec !== undefined && !upsert) {
    const { namespace = "", name = "" } = before.metadata;
    throw new MooringError(
      "APP_EXISTS",
      `Pipeline/${namespace}/${name}: exists with another spec; change it with: mooring pipeline apply -f FILE`,
    );
  }
  const { labels = {}, annotations = {} } = after.metadata;
  const named = { labels, annotations };
  return {
    ...(Object.values(named).every((map) => Object.keys(map).length === 0) ? {} : { metadata: named }),
    ...(spec === undefined ? {} : { spec }),
  };
}

const inNamespace = (namespace: string | undefined) => (namespace === undefined ? {} : { namespace });

interface Watching {
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly signal: AbortSignal;
}

async function* watch(cluster: Cluster, { name, namespace, signal }: Watching): AsyncIterable<PipelineEvent> {
  const known = new Set<string>();
  for await (const event of cluster.watch(hubTypes.pipeline, { ...inNamespace(namespace), signal })) {
    if (event.type === "disconnected") throw event.error;
    if (event.type === "synced") continue;
    const { object: pipeline } = event;
    if (name !== undefined && pipeline.metadata.name !== name) continue;
    const { uid = "" } = pipeline.metadata;
    const type = event.type === "deleted" ? "DELETED" : known.has(uid) ? "MODIFIED" : "ADDED";
    known.add(uid);
    yield { type, pipeline };
  }
}

function requestsOf(
  place: Place,
): Pick<Pipelines, "refresh" | "hold" | "resume" | "promote" | "rollback" | "release"> {
  const read = async ({ namespace, name }: ObjectName) =>
    parsePipeline(await objects(place).get({ namespace, name }));
  return {
    refresh: async (name) => await requests.annotatePipeline(place, name, () => refresh(place.at())),
    hold: async (target, reason) => {
      const asking = await place.asking();
      return await requests.annotatePipeline(place, target, (now) =>
        hold(now, target.stage, { ...asking, reason }),
      );
    },
    resume: async (target) =>
      await requests.annotatePipeline(place, target, (now) => resume(now, target.stage, place.at())),
    promote: async (target, { revision, reason, release }) => {
      const asked = { ...(await place.asking()), stage: target.stage, revision, reason };
      const one = release === "" ? {} : { release: { name: release, size: 1 } };
      return await requests.promote(place, await read(target), { ...asked, ...one });
    },
    rollback: async (target, { to, reason }) => {
      const asked = { ...(await place.asking()), stage: target.stage, to, reason };
      return await requests.rollback(place, await read(target), asked);
    },
    release: async (targets, { name, reason }) => {
      const found = await Promise.all(
        targets.map(async (target) => ({
          pipeline: await read(target),
          stage: target.stage,
          revision: "",
        })),
      );
      return await requests.release(place, { ...(await place.asking()), name, reason, targets: found });
    },
  };
}

function decisions(
  place: Place,
): Pick<Pipelines, "listPromotions" | "getPromotion" | "approve" | "reject" | "breakGlass"> {
  const { cluster, signal } = place;
  const getPromotion = async ({ namespace, name }: ObjectName): Promise<KubeObject> => {
    const found = await cluster.read(requests.promotionRef(namespace, name), signal);
    if (found === undefined) throw requests.gone("Promotion", namespace, name);
    return found;
  };
  return {
    listPromotions: async (filter) => await listPromotions(place, filter),
    getPromotion,
    approve: async (name, asked) => {
      const promotion = parsePromotion(await getPromotion(name));
      return await requests.approvePromotion(place, promotion, { ...(await place.asking()), ...asked });
    },
    reject: async (name, reason) => {
      const asking = await place.asking();
      return await requests.decidePromotion(place, name, (now) => reject(now, { ...asking, reason }));
    },
    breakGlass: async (name, reason) => {
      const asking = await place.asking();
      return await requests.decidePromotion(place, name, (now) => breakGlass(now, { ...asking, reason }));
    },
  };
}

async function listPromotions(
  { cluster, signal }: Place,
  { namespace, pipeline, stage, phases = [] }: PromotionFilter,
): Promise<readonly KubeObject[]> {
  const all = await cluster.list(hubTypes.promotion, { ...inNamespace(namespace), signal });
  return all
    .filter((one) => pipeline === undefined || viewString(one, "spec", "pipeline") === pipeline)
    .filter((one) => stage === undefined || viewString(one, "spec", "stage") === stage)
    .filter((one) => phases.length === 0 || phases.includes(viewString(one, "status", "phase") ?? "Pending"))
    .toSorted((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
}

function placeOf({ metadata: { creationTimestamp = "", name = "" } }: KubeObject): string {
  return `${creationTimestamp} ${name}`;
}
