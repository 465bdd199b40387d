import type { Application } from "#core/app/index.ts";
import type { PlanApproval, WaitingPlan } from "#core/approval/index.ts";
import { parseApproval, parseWaitingPlan } from "#core/approval/index.ts";
import { formatEntry } from "#core/sync/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { planDigest } from "#engine/plan-hash.ts";

/** What an Application says of plans that wait for approval and of one that is approved. */
export interface PlansView {
  /** The plan that an automated sync waits with. */
  readonly waiting: WaitingPlan | undefined;
  /** The plan of the last operation, which was refused. */
  readonly refused: WaitingPlan | undefined;
  readonly approval: PlanApproval | undefined;
}

export function viewPlans({ metadata }: Application): PlansView {
  const { annotations = {} } = metadata;
  return {
    waiting: parseWaitingPlan(annotations[annotationKey.waitingPlan], planDigest),
    refused: parseWaitingPlan(annotations[annotationKey.refusedPlan], planDigest),
    approval: parseApproval(annotations[annotationKey.approvedPlan], planDigest),
  };
}

/** The part of `app get` about them; empty when there are none. */
export function formatPlans(app: Application): string {
  const { waiting, refused, approval } = viewPlans(app);
  const isSame = waiting !== undefined && refused?.digest === waiting.digest;
  return [
    ...(waiting === undefined ? [] : formatWaiting("Waiting Plan:", waiting, app)),
    ...(refused === undefined || isSame ? [] : formatWaiting("Refused Plan:", refused, app)),
    ...(approval === undefined ? [] : [row("Approved Plan:", formatGiven(approval))]),
  ].join("");
}

function formatWaiting(label: string, { digest, since, summary, plan }: WaitingPlan, app: Application) {
  const entries = plan?.entries.map((entry) => `  ${formatEntry(entry)}\n`) ?? [
    "  too many to be listed; see: mooring app plan\n",
  ];
  const approve = `mooring app approve ${app.metadata.name} ${digest}`;
  return [
    row(label, digest),
    row("  Since:", since),
    row("  Does:", summary),
    ...entries,
    row("  Approve:", approve),
  ];
}

function formatGiven({ digest, by, at, expires, usedAt }: PlanApproval): string {
  const use = usedAt === undefined ? `until ${expires}` : `used since ${usedAt}`;
  return `${digest} by ${by} at ${at}, ${use}`;
}

function row(label: string, value: string): string {
  return `${label.padEnd(20)}${value}\n`;
}
