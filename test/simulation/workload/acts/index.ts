import { applicationActs } from "./applications.ts";
import { approvalActs } from "./approvals.ts";
import { gitActs } from "./git.ts";
import { liveActs } from "./live.ts";
import { machineActs } from "./machines.ts";
import type { Act, Stage } from "./stage.ts";

export { correctDependencies, createApp, requestSync, setWindows } from "./applications.ts";
export { approve, awaitsApproval } from "./approvals.ts";
export { pinned } from "./git.ts";
export { trackingOf } from "./live.ts";
export { startLater } from "./machines.ts";
export { applications, readApplication } from "./stage.ts";
export type { Stage } from "./stage.ts";

const acts = { ...gitActs, ...liveActs, ...applicationActs, ...approvalActs, ...machineActs } as const;

export type ActName = keyof typeof acts;
export const actNames = Object.keys(acts) as readonly ActName[];

export async function perform(name: ActName, stage: Stage): Promise<void> {
  const act: Act = acts[name];
  await act(stage);
}
