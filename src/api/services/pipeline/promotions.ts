import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Promotion as ParsedPromotion } from "#core/promotion/index.ts";
import { parsePromotion, promotionPhases } from "#core/promotion/index.ts";
import { readPromotion } from "#engine/promotion-requests/index.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  Promotion,
  PromotionList,
  PromotionName,
  PromotionPlanAnswer,
  PromotionQuery,
} from "../../contract/gen/mooring/pipeline_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { formatContinue, parseContinue } from "../application/list-pages.ts";
import { findPromotion, mayOn, present } from "./find.ts";
import { isIn } from "./read.ts";

export type PromotionShape = ShapeOf<Promotion>;

const usualLimit = 100;
const maxLimit = 500;
const order = "-created";

export async function getPromotion(
  context: ApiContext,
  query: ShapeOf<PromotionName>,
  { caller, signal }: ApiCall,
): Promise<PromotionShape> {
  return present(await findPromotion(context, query, { caller, verb: "get", signal }));
}

/** What a promotion would change, as far as its controller has planned it. */
export async function promotionPlan(
  context: ApiContext,
  query: ShapeOf<PromotionName>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<PromotionPlanAnswer>> {
  const found = await findPromotion(context, query, { caller, verb: "get", signal });
  const { name, namespace, status } = parsePromotion(found);
  const { phase = "Pending", plan, commit, commits = [] } = status;
  return {
    promotion: name,
    namespace,
    phase,
    ...(plan === undefined ? {} : { digest: plan.digest }),
    ...(commit === undefined ? {} : { commit }),
    applications: plan?.applications ?? [],
    commits,
  };
}

interface Listed {
  readonly object: KubeObject;
  readonly parsed: ParsedPromotion;
}

/** Promotions that the caller may see, newest first. */
export async function listPromotions(
  context: ApiContext,
  query: ShapeOf<PromotionQuery>,
  { caller }: ApiCall,
): Promise<ShapeOf<PromotionList>> {
  caller.needsNoPermission();
  const limit = parseLimit(query.limit ?? 0);
  const from = parseContinue(query.continue ?? "", order);
  const matches = matcherOf(query);
  const isThere = isIn(context, query.namespace);
  const seen = new Set(
    [...context.hub.pipelines.values()]
      .filter((pipeline) => mayOn(context, pipeline, { caller, action: "get" }))
      .map(({ metadata: { namespace = "", name = "" } }) => `${namespace}/${name}`),
  );
  const found = [...context.hub.promotions.values()]
    .filter((promotion) => isThere(promotion))
    .flatMap((object): readonly Listed[] => {
      const parsed = readPromotion(object);
      return parsed === undefined ? [] : [{ object, parsed }];
    })
    .filter(({ parsed }) => seen.has(`${parsed.namespace}/${parsed.spec.pipeline}`) && matches(parsed))
    .toSorted((a, b) => comparePlaces(placeOf(a), placeOf(b)))
    .filter((one) => from === undefined || comparePlaces(placeOf(one), from) > 0);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return await Promise.resolve({
    items: page.map(({ object }) => present<PromotionShape>(object)),
    ...(found.length === page.length || last === undefined
      ? {}
      : { continue: formatContinue({ sort: order, ...placeOf(last) }) }),
  });
}

interface Place {
  readonly value: string;
  readonly name: string;
}

function placeOf({ parsed: { createdAt, namespace, name } }: Listed): Place {
  return { value: createdAt, name: `${namespace}/${name}` };
}

/** Newest first, of one second by name. */
function comparePlaces(a: Place, b: Place): number {
  if (a.value !== b.value) return a.value > b.value ? -1 : 1;
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

function matcherOf({
  pipeline = "",
  stage = "",
  release = "",
  phases = [],
}: ShapeOf<PromotionQuery>): (promotion: ParsedPromotion) => boolean {
  const known: readonly string[] = promotionPhases;
  const odd = phases.find((phase) => !known.includes(phase));
  if (odd !== undefined) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `phases: ${JSON.stringify(odd.slice(0, 80))} is none of ${known.join(", ")}`,
    );
  }
  return ({ spec, status }) =>
    (pipeline === "" || spec.pipeline === pipeline) &&
    (stage === "" || spec.stage === stage) &&
    (release === "" || spec.release === release) &&
    (phases.length === 0 || phases.includes(status.phase ?? "Pending"));
}

function parseLimit(limit: number): number {
  if (limit === 0) return usualLimit;
  if (limit > 0 && limit <= maxLimit) return limit;
  throw new MooringError("API_INVALID_ARGUMENT", `limit: must be 1 to ${maxLimit}; correct it`);
}
