import type { ApprovalMoment } from "#core/approval/index.ts";
import { formatTime } from "#runtime/clock.ts";

/** No approval lasts longer, whatever it says itself. */
export const maxApprovalMs = 7 * 86_400_000;
/** A controller whose clock was set back has to do what was approved, too. */
const clockSkewMs = 86_400_000;

/** What makes an approval be of use at a moment, Unix milliseconds. */
export function approvalMoment(nowMs: number): ApprovalMoment {
  return {
    now: formatTime(nowMs),
    notBefore: formatTime(nowMs - maxApprovalMs),
    notAfter: formatTime(nowMs + clockSkewMs),
  };
}
