import type { Promotion } from "./promotion.ts";
import type { PromotionStatus } from "./types.ts";

/** Who broke the glass for the plan as it is now; undefined where nobody did, or another plan was let through. */
export function brokenGlass({ status }: Pick<Promotion, "status">): PromotionStatus["breakGlass"] {
  const { breakGlass, plan } = status;
  const isOfAnother = breakGlass?.digest !== undefined && breakGlass.digest !== plan?.digest;
  return isOfAnother ? undefined : breakGlass;
}
