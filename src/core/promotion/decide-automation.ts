import type { Stage } from "./pipeline.ts";
import type { Promotion } from "./promotion.ts";
import { hasEnded } from "./promotion.ts";
import { nextAttempt } from "./next-attempt.ts";

export interface AutomationQuestion {
  readonly stage: Pick<Stage, "isAutomatic" | "takesEach">;
  readonly candidate: string | undefined;
  /** Why nothing is promoted now, such as a freeze; undefined when something may be. */
  readonly obstacle: string | undefined;
  /** Of this stage. */
  readonly promotions: readonly Pick<Promotion, "spec" | "status">[];
}

/** Which attempt of the candidate automation begins; undefined for none. */
export function decideAutomation(question: AutomationQuestion): number | undefined {
  const { stage, candidate, obstacle, promotions } = question;
  if (!stage.isAutomatic || candidate === undefined || obstacle !== undefined) return undefined;
  const open = promotions.filter((each) => !hasEnded(each));
  // What people, Git or a failure began comes first; what is being written or applied is waited for.
  const waits = open.some(
    ({ spec, status }) =>
      spec.cause !== "Automation" || spec.kind === "Rollback" || stage.takesEach || isUnderWay(status.phase),
  );
  if (waits) return undefined;
  const same = promotions.filter(({ spec }) => spec.kind === "Promote" && spec.revision === candidate);
  // What failed or was refused is for people to ask for again.
  const isSpent = same.some(({ status }) => ["Failed", "Refused", "Succeeded"].includes(status.phase ?? ""));
  if (isSpent) return undefined;
  return nextAttempt(same);
}

/** What failed or was refused, and nobody has asked for again. */
export function spentRevisions(promotions: readonly Pick<Promotion, "spec" | "status">[]): readonly string[] {
  const ours = promotions.filter(({ spec }) => spec.kind === "Promote");
  const open = new Set(ours.filter((each) => !hasEnded(each)).map(({ spec }) => spec.revision));
  return ours
    .filter(({ status }) => ["Failed", "Refused"].includes(status.phase ?? ""))
    .map(({ spec }) => spec.revision)
    .filter((revision) => !open.has(revision));
}

/** Whether a promotion changes the stage already. */
export function isUnderWay(phase: Promotion["status"]["phase"]): boolean {
  return ["Writing", "Proposed", "Applying", "Verifying"].includes(phase ?? "Pending");
}
