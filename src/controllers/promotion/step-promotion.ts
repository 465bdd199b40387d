import type { Promotion } from "#core/promotion/index.ts";
import { hasEnded } from "#core/promotion/index.ts";
import { applyStep } from "./apply-step.ts";
import { gateStep, overtakenBy } from "./gate-step.ts";
import { prepareStep } from "./prepare-step.ts";
import type { Step, Stepped } from "./step.ts";
import { end } from "./step.ts";
import { writeStep } from "./write-step.ts";

/** Brings an open promotion one step on. */
export async function stepPromotion(step: Step): Promise<Stepped> {
  const { promotion } = step;
  const { phase = "Pending", rejection } = promotion.status;
  if (hasEnded(promotion)) return { promotion };
  if (rejection !== undefined && ["Pending", "Waiting", "Proposed"].includes(phase))
    return await end(step, "Refused", `rejected by ${rejection.username}: ${rejection.reason}`);
  const newer = overtakenBy(step);
  if (newer !== undefined) return await end(step, "Superseded", `${newer} took its place`);
  return await proceed(phase, step);
}

async function proceed(
  phase: Exclude<Promotion["status"]["phase"], undefined>,
  step: Step,
): Promise<Stepped> {
  switch (phase) {
    case "Pending":
      return await prepareStep(step);
    case "Waiting":
      return await gateStep(step);
    case "Writing":
      return await writeStep(step);
    case "Proposed":
    case "Applying":
    case "Verifying":
      return await applyStep(step);
    case "Succeeded":
    case "Failed":
    case "Refused":
    case "Superseded":
    case "RolledBack":
      return { promotion: step.promotion };
    default:
      throw new Error(`unhandled phase: ${JSON.stringify(phase satisfies never)}`);
  }
}
