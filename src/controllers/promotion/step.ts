import type { Promotion } from "#core/promotion/index.ts";
import type { Pass, StageView, StageViews } from "./pass.ts";
import { writePromotion } from "./write-promotion.ts";

/** One promotion in the stage that it is of. */
export interface Step {
  readonly promotion: Promotion;
  readonly view: StageView;
  readonly views: StageViews;
  readonly pass: Pass;
}

/** What a step came to. */
export interface Stepped {
  readonly promotion: Promotion;
  /** When to look again if nothing happens before; undefined when only an event can change anything. */
  readonly againMs?: number | undefined;
}

/** How soon what was not to blame on anybody here is tried again. */
export const retryMs = 15_000;

type Ending = "Succeeded" | "Failed" | "Refused" | "Superseded" | "RolledBack";

export async function end({ promotion, pass }: Step, phase: Ending, message: string): Promise<Stepped> {
  const ended = await writePromotion(promotion, { phase, message, finishedAt: pass.now }, pass);
  return { promotion: ended, againMs: 0 };
}

/** Says what is waited for. */
export async function wait(
  { promotion, pass }: Step,
  message: string,
  againMs: number | undefined,
): Promise<Stepped> {
  return { promotion: await writePromotion(promotion, { message }, pass), againMs };
}
