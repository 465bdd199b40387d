import { isMooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { mergePatchOf } from "#core/object/index.ts";
import type { Promotion, PromotionAsk, PromotionStatus } from "#core/promotion/index.ts";
import { newPromotion, parsePromotion } from "#core/promotion/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Pass } from "./pass.ts";
import { promotionFieldManager as fieldManager, tell } from "./tell.ts";

const bad: readonly PromotionStatus["phase"][] = ["Failed", "Refused", "RolledBack"];

/** What is undefined is taken away. */
type Change = { readonly [Field in keyof PromotionStatus]?: PromotionStatus[Field] | undefined };

/**
 * Writes what changed of a promotion's status, for the version that it was decided on, and nothing when nothing did. A new phase is told of. Throws
 * KUBE_CONFLICT when somebody approved or rejected meanwhile.
 */
export async function writePromotion(
  promotion: Promotion,
  change: Change,
  { deps, signal }: Pass,
): Promise<Promotion> {
  const message = change.message === undefined ? {} : { message: deps.redact(change.message) };
  const status = { ...promotion.status, ...change, ...message };
  const patch = mergePatchOf(promotion.status as JsonObject, status as unknown as JsonObject);
  if (patch === undefined) return promotion;
  const { name, namespace, uid, resourceVersion } = promotion;
  const written = await deps.hub.cluster.mergePatch(
    { type: hubTypes.promotion, namespace, name },
    { metadata: { resourceVersion, uid }, status: patch },
    { fieldManager, subresource: "status", signal },
  );
  deps.hub.promotions.observe(written);
  const { phase = "Pending" } = status;
  if (phase !== (promotion.status.phase ?? "Pending")) {
    const about = { kind: "Promotion", namespace, name, uid };
    const type = bad.includes(phase) ? "Warning" : "Normal";
    await tell({ about, type, reason: phase, message: status.message ?? phase }, deps, signal);
  }
  return parsePromotion(written);
}

/** Asks for a promotion in the controller's own name; undefined where that name is taken, which is the same question. */
export async function createPromotion(
  ask: Omit<PromotionAsk, "requestedBy" | "at"> & { readonly username?: string },
  { pipeline, deps, now, signal }: Pass,
): Promise<Promotion | undefined> {
  const { username = "mooring", ...rest } = ask;
  const object = newPromotion(pipeline, { ...rest, requestedBy: { username }, at: now });
  try {
    const created = await deps.hub.cluster.create(hubTypes.promotion, object, { fieldManager, signal });
    deps.hub.promotions.observe(created);
    const promotion = parsePromotion(created);
    const { namespace, name, uid } = promotion;
    const message = `${ask.kind} of ${ask.revision.slice(0, 7)} to stage ${ask.stage}, by ${ask.cause.toLowerCase()}: ${ask.reason ?? username}`;
    const about = { kind: "Promotion", namespace, name, uid };
    await tell({ about, type: "Normal", reason: "Requested", message }, deps, signal);
    return promotion;
  } catch (error) {
    if (isMooringError(error, "KUBE_EXISTS")) return undefined;
    throw error;
  }
}
