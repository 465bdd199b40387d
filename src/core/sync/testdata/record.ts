import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import type { PlanInput } from "../input.ts";
import type { PlanGround, PlanHash, PlanRecord } from "../plan-record.ts";
import { recordPlan } from "../plan-record.ts";
import { planSync } from "../plan-sync.ts";

/** Shows what was hashed. */
export const plainHash: PlanHash = { key: "plain", entry: (text) => text, digest: (text) => text };

export interface GroundParts extends Partial<
  Pick<PlanGround, "server" | "namespace" | "rules" | "secretPathsOf">
> {
  readonly hash?: PlanHash;
}

/** The record of the plan that an input makes. */
export function recorded(input: PlanInput, { hash = plainHash, ...parts }: GroundParts = {}): PlanRecord {
  const objects = new Map(input.objects.map((one) => [one.key, one]));
  const inventory = new Map(input.inventory.map((one) => [one.key, one]));
  const ground: PlanGround = {
    server: "https://east",
    namespace: "shop",
    rules: "",
    liveOf: (key: ObjectKey): KubeObject | undefined => objects.get(key)?.live ?? inventory.get(key)?.live,
    driftOf: (key) => objects.get(key)?.verdict.drift ?? [],
    secretPathsOf: () => [],
    ...parts,
  };
  return recordPlan(planSync(input), ground, hash);
}
