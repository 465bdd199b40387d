import type { Promotion } from "./pipeline.ts";

/** How long a promotion took from when it was asked for to its end; undefined before that. */
export function durationOf({ spec, status }: Pick<Promotion, "spec" | "status">): number | undefined {
  if (status.finishedAt === undefined) return undefined;
  const ms = Date.parse(status.finishedAt) - Date.parse(spec.requestedAt);
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

export interface Step {
  readonly name: string;
  /** RFC 3339; undefined for what has not happened. */
  readonly at: string | undefined;
  /** Said beside it. */
  readonly note: string;
}

/** What happened to a promotion one after the other, and what is still to come. */
export function stepsOf({ spec, status }: Pick<Promotion, "spec" | "status">): readonly Step[] {
  const { commitDate, plan, approvals = [], gates = [], writtenAt, applications = [], proposal } = status;
  const counted = approvals.filter(({ digest }) => digest === plan?.digest);
  const asking = gates.filter(({ kind }) => kind === "approvals");
  const isApproved = counted.length > 0 && asking.every(({ state }) => state === "Passed");
  const applied = latestOf(applications.map(({ appliedAt }) => appliedAt));
  const healthy = latestOf(applications.map(({ healthyAt }) => healthyAt));
  const steps: readonly (Step | undefined)[] = [
    { name: "Requested", at: spec.requestedAt, note: "" },
    { name: "Planned", at: plan === undefined ? undefined : (commitDate ?? status.startedAt), note: "" },
    asking.length > 0 || counted.length > 0
      ? {
          name: "Approved",
          at: isApproved ? counted.at(-1)?.at : undefined,
          note: counted.map(({ username }) => username).join(", "),
        }
      : undefined,
    status.breakGlass && { name: "Glass broken", at: status.breakGlass.at, note: status.breakGlass.username },
    status.rejection && { name: "Rejected", at: status.rejection.at, note: status.rejection.username },
    proposal && { name: "Proposed", at: writtenAt ?? commitDate, note: `#${proposal.number}` },
    { name: "Written", at: writtenAt, note: "" },
    { name: "Applied", at: applied, note: "" },
    { name: "Healthy", at: healthy, note: "" },
  ];
  const isOver = status.finishedAt !== undefined;
  // What has ended early has nothing more to come.
  return steps.flatMap((step) => (step === undefined || (isOver && step.at === undefined) ? [] : [step]));
}

/** The last of all; undefined while one is missing. */
function latestOf(times: readonly (string | undefined)[]): string | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 || known.length < times.length ? undefined : known.toSorted().at(-1);
}
