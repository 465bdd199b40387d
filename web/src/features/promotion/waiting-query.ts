import { queryOptions, useQuery } from "@tanstack/react-query";
import { call } from "../../lib/api/index.ts";
import { sessionQuery, settingsQuery } from "../../lib/session.ts";
import type { Promotion } from "../pipelines/pipeline.ts";
import { keyOf, pipelineObject, readPipeline, readPromotion } from "../pipelines/pipeline.ts";
import type { Person } from "./waiting-for-me.ts";
import { asksForApproval, whyNotApproved } from "./waiting-for-me.ts";

const everyMs = 30_000;
const maxShown = 200;

const waitingQuery = (person: Person, controllerNamespace: string) =>
  queryOptions({
    queryKey: ["promotions", "waiting-for", person.username, controllerNamespace],
    queryFn: ({ signal }) => readWaiting(person, controllerNamespace, signal),
    refetchInterval: everyMs,
    retry: false,
  });

/** Nearly always nothing waits, and then this is one question with an empty answer. */
async function readWaiting(
  person: Person,
  controllerNamespace: string,
  signal: AbortSignal,
): Promise<readonly Promotion[]> {
  const asked = { phases: ["Waiting", "Proposed"], limit: maxShown };
  const fields = "-items.status.plan.applications";
  const { items = [] } = await call("pipeline.listPromotions", asked, { signal, fields });
  const waiting = items.map((each) => readPromotion(each)).filter((each) => asksForApproval(each));
  if (waiting.length === 0) return [];
  const all = ((await call("pipeline.list", {}, { signal })).items ?? []).map((each) => readPipeline(each));
  const pipelines = new Map(all.map((each) => [keyOf(each), each]));
  const rights = new Map<string, Promise<boolean>>();
  const may = (action: string, object: string): Promise<boolean> => {
    const key = `${action} ${object}`;
    const known = rights.get(key) ?? mayDo(action, object, signal);
    rights.set(key, known);
    return known;
  };
  const mine = waiting.map(async (promotion) => {
    const { namespace, spec } = promotion;
    const pipeline = pipelines.get(`${namespace}/${spec.pipeline}`);
    if (pipeline === undefined || whyNotApproved(promotion, person, pipeline) !== undefined) return [];
    const isMine = await may(`approve/${spec.stage}`, pipelineObject(pipeline, controllerNamespace));
    return isMine ? [promotion] : [];
  });
  return (await Promise.all(mine)).flat();
}

async function mayDo(action: string, object: string, signal: AbortSignal): Promise<boolean> {
  const asked = { resource: "pipelines", action, subresource: object };
  return (await call("account.canI", asked, { signal })).value === "yes";
}

/** Promotions that whoever is logged in can approve now; undefined while it is not known. */
export function useWaitingForMe(): readonly Promotion[] | undefined {
  const { data: session } = useQuery(sessionQuery);
  const { data: settings } = useQuery(settingsQuery);
  const { username = "", groups = [] } = session ?? {};
  const isAsked = username !== "" && settings !== undefined;
  const { data, error } = useQuery({
    ...waitingQuery({ username, groups }, settings?.controllerNamespace ?? "argocd"),
    enabled: isAsked,
  });
  const isNobody = session !== undefined && username === "";
  return data ?? (isNobody || error !== null ? [] : undefined);
}
