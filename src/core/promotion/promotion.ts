import { parseMooringObject } from "#core/crd/parse-object.ts";
import type { KubeObject } from "#core/object/index.ts";
import { promotionSchema } from "./pipeline-schema.ts";
import type { PromotionPhase, PromotionSpec, PromotionStatus } from "./types.ts";

/** One step of one stage, as the hub has it. */
export interface Promotion {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly createdAt: string;
  readonly spec: PromotionSpec;
  readonly status: PromotionStatus;
}

const ended: readonly PromotionPhase[] = ["Succeeded", "Failed", "Refused", "Superseded", "RolledBack"];

/** Reads a Promotion. Throws APP_INVALID naming the object, each wrong field and the fix. */
export function parsePromotion(object: KubeObject): Promotion {
  const parsed = parseMooringObject(object, "Promotion", promotionSchema);
  const {
    name = "",
    namespace = "",
    uid = "",
    resourceVersion = "",
    creationTimestamp = "",
  } = parsed.metadata;
  return {
    name,
    namespace,
    uid,
    resourceVersion,
    createdAt: creationTimestamp,
    spec: parsed["spec"] as unknown as PromotionSpec,
    status: (parsed["status"] ?? {}) as unknown as PromotionStatus,
  };
}

/** Whether it never came to be in its stage, or was not good there: what was released with it is not whole. */
export function isLost({ status }: Pick<Promotion, "status">): boolean {
  const { phase = "Pending", writtenAt } = status;
  return (
    ["Failed", "Refused", "RolledBack"].includes(phase) || (phase === "Superseded" && writtenAt === undefined)
  );
}

/** Whether nothing more comes of it. */
export function hasEnded({ status }: Pick<Promotion, "status">): boolean {
  return ended.includes(status.phase ?? "Pending");
}
