import type { PromotionStatus } from "#core/promotion/index.ts";
import { canonicalJson } from "#core/object/index.ts";
import type { PlanHash } from "#core/sync/index.ts";

type Planned = Pick<
  NonNullable<PromotionStatus["plan"]>["applications"][number],
  "namespace" | "name" | "digest"
>;

/** Over the digests of all applications of a stage: what approvals name. */
export function planDigestOf(applications: readonly Planned[], hash: PlanHash): string {
  const lines = applications.map(({ namespace, name, digest }) => `${namespace}/${name} ${digest}`);
  return `sha256:${hash.digest(canonicalJson(lines.toSorted()))}`;
}
