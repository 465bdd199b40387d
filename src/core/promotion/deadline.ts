import { parseTime } from "#core/cron/index.ts";
import type { PromotionStatus } from "./types.ts";

export type Deadline = NonNullable<PromotionStatus["deadline"]>;

export interface DeadlineQuestion {
  readonly status: Pick<PromotionStatus, "deadline" | "writtenAt">;
  /** All its applications are synced to it and healthy now. */
  readonly isGood: boolean;
  /** Each of them was before. */
  readonly wasGood: boolean;
  /** Nothing may be synced now. */
  readonly isStopped: boolean;
  readonly nowMs: number;
  readonly formatTime: (ms: number) => string;
}

/**
 * From when the deadline of a stage counts: since the promotion was written, and once all was good since that was so last. It stands still while nothing
 * may be synced. Undefined while nothing is waited for.
 */
export function decideDeadline(question: DeadlineQuestion): Deadline | undefined {
  const { status, isGood, wasGood, isStopped, nowMs, formatTime } = question;
  if (isGood) return undefined;
  const now = formatTime(nowMs);
  const before = status.deadline ?? { since: wasGood ? now : (status.writtenAt ?? now) };
  const { since, stoppedAt } = before;
  if (isStopped) return { since, stoppedAt: stoppedAt ?? now };
  if (stoppedAt === undefined) return before;
  return { since: formatTime(timeOf(since, nowMs) + Math.max(0, nowMs - timeOf(stoppedAt, nowMs))) };
}

/** How much of it is left; negative when it is over. */
export function leftOf({ since, stoppedAt }: Deadline, deadlineMs: number, nowMs: number): number {
  const atMs = stoppedAt === undefined ? nowMs : timeOf(stoppedAt, nowMs);
  return timeOf(since, nowMs) + deadlineMs - atMs;
}

function timeOf(text: string, nowMs: number): number {
  return parseTime(text) ?? nowMs;
}
