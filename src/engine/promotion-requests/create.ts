import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Person, Pipeline, Promotion, PromotionAsk } from "#core/promotion/index.ts";
import { hasEnded, newPromotion, requireStage, requireText } from "#core/promotion/index.ts";
import { hubTypes } from "../hub-types.ts";
import { chooseRevision, chooseRollbackTarget } from "./choose-revision.ts";
import type { RequestPlace } from "./read.ts";
import { gone, listPromotions, promotionRef, readPromotion } from "./read.ts";

export interface PromoteRequest {
  readonly stage: string;
  /** A commit or its beginning; empty for the candidate. */
  readonly revision: string;
  readonly reason: string;
  readonly release?: { readonly name: string; readonly size: number } | undefined;
  readonly person: Person;
  /** RFC 3339. */
  readonly at: string;
  /** Nothing is written. */
  readonly dryRun?: boolean;
}

/** Asks for a revision in a stage. Who asks for what is under way already gets that. */
export async function promote(
  place: RequestPlace,
  pipeline: Pipeline,
  { stage: name, revision, person, ...request }: PromoteRequest,
): Promise<KubeObject> {
  const stage = requireStage(pipeline, name);
  const chosen = chooseRevision({ pipeline, stage, revision });
  return await create(place, pipeline, {
    stage: name,
    kind: "Promote",
    ...chosen,
    requestedBy: requester(person),
    ...request,
  });
}

export interface RollbackRequest {
  readonly stage: string;
  /** Name of a Promotion; empty for the one before. */
  readonly to: string;
  readonly reason: string;
  readonly person: Person;
  readonly at: string;
}

/** Asks for what a stage held before. */
export async function rollback(
  place: RequestPlace,
  pipeline: Pipeline,
  { stage, to, reason, person, at }: RollbackRequest,
): Promise<KubeObject> {
  requireStage(pipeline, stage);
  const said = requireText("reason", reason);
  const promotions = await listPromotions(place, pipeline, stage);
  const target = chooseRollbackTarget({ pipeline, stage, to, promotions });
  return await create(place, pipeline, {
    stage,
    kind: "Rollback",
    cause: "Person",
    revision: target.revision,
    rollbackTo: target.promotion,
    requestedBy: requester(person),
    reason: said,
    at,
  });
}

function requester({ username, groups }: Person): PromotionAsk["requestedBy"] {
  return { username, groups: [...groups] };
}

type Ask = Omit<PromotionAsk, "attempt"> & { readonly dryRun?: boolean };

/** Others may take a name between the list and the write. */
const maxTries = 20;

async function create(
  place: RequestPlace,
  pipeline: Pipeline,
  { dryRun = false, ...ask }: Ask,
): Promise<KubeObject> {
  const same = (await listPromotions(place, pipeline, ask.stage)).filter((one) => isOf(one, ask));
  const last = same.toSorted((a, b) => attemptOf(b) - attemptOf(a)).at(0);
  if (last !== undefined && !hasEnded(last)) return await underWay(place, last, ask);
  const first = last === undefined ? 1 : attemptOf(last) + 1;
  for (let attempt = first; attempt < first + maxTries; attempt += 1) {
    const object = newPromotion(pipeline, { ...ask, attempt });
    const created = await tryCreating(place, object, dryRun);
    if (created !== undefined) return created;
    const { namespace = "", name = "" } = object.metadata;
    const there = await place.cluster.read(promotionRef(namespace, name), place.signal);
    const other = there === undefined ? undefined : readPromotion(there);
    if (other !== undefined && isOf(other, ask) && !hasEnded(other)) return await underWay(place, other, ask);
  }
  throw new MooringError(
    "APP_EXISTS",
    `Pipeline/${pipeline.namespace}/${pipeline.name}: promotions of ${ask.revision.slice(0, 7)} to stage ${ask.stage} have all names that could be given; delete those that have ended`,
  );
}

/** Undefined where the name is taken. */
async function tryCreating(
  { cluster, fieldManager, signal }: RequestPlace,
  object: KubeObject,
  dryRun: boolean,
): Promise<KubeObject | undefined> {
  const options = { fieldManager, fieldValidation: "Strict", dryRun, signal } as const;
  try {
    return await cluster.create(hubTypes.promotion, object, options);
  } catch (error) {
    if (isMooringError(error, "KUBE_EXISTS")) return undefined;
    throw error;
  }
}

/** Whether it is the same step, whoever asked for it. */
function isOf({ spec }: Promotion, ask: Ask): boolean {
  return (
    spec.stage === ask.stage &&
    spec.kind === ask.kind &&
    spec.revision === ask.revision &&
    (spec.rollbackTo ?? "") === (ask.rollbackTo ?? "")
  );
}

function attemptOf({ spec }: Promotion): number {
  return spec.attempt ?? 1;
}

/** What was asked for before. Throws API_FAILED_PRECONDITION where it cannot become a part of the release. */
async function underWay(
  { cluster, signal }: RequestPlace,
  { namespace, name, spec, status }: Promotion,
  { release }: Ask,
): Promise<KubeObject> {
  if (release !== undefined && spec.release !== release.name) {
    throw new MooringError(
      "API_FAILED_PRECONDITION",
      `Promotion/${namespace}/${name}: is ${status.phase ?? "Pending"} and not of release ${release.name}; wait for its end, or reject it with: mooring promotion reject ${name} --reason TEXT`,
    );
  }
  const object = await cluster.read(promotionRef(namespace, name), signal);
  if (object === undefined) throw gone("Promotion", namespace, name);
  return object;
}
