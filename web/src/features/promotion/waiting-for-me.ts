import type { Pipeline, Promotion } from "../pipelines/pipeline.ts";
import { hasEnded } from "../pipelines/pipeline.ts";

export interface Person {
  readonly username: string;
  readonly groups: readonly string[];
}

/** Why an approval by somebody would not count or is not wanted, as the server will say it, too; undefined where it may count. */
export function whyNotApproved(
  { spec, status }: Promotion,
  { username, groups }: Person,
  pipeline?: Pipeline,
): string | undefined {
  if (username === "") return "Log in to approve.";
  const { plan, approvals = [], commits = [] } = status;
  if (plan === undefined) return "There is no plan yet that could be approved.";
  if (approvals.some((each) => isSame(each.username, username) && each.digest === plan.digest))
    return "You have approved this plan.";
  if (spec.cause === "Person" && isSame(spec.requestedBy.username, username))
    return "You asked for this promotion: somebody else has to approve it.";
  if (commits.some(({ author, email }) => isSame(author, username) || isSame(email, username)))
    return "You are an author of its commits: somebody else has to approve it.";
  const gates = (pipeline?.spec.stages ?? [])
    .filter(({ name }) => name === spec.stage)
    .flatMap((stage) => (stage.gates ?? []).flatMap((gate) => gate.approvals ?? []));
  const isAsked = gates.some(({ users = [], groups: named = [] }) => {
    const isAnybody = users.length === 0 && named.length === 0;
    return isAnybody || users.includes(username) || named.some((group) => groups.includes(group));
  });
  return gates.length === 0 || isAsked ? undefined : "Its gate asks other people.";
}

function isSame(a: string | undefined, b: string): boolean {
  return a?.trim().toLowerCase() === b.trim().toLowerCase();
}

/** Whether a promotion waits for approvals. */
export function asksForApproval(promotion: Promotion): boolean {
  const { gates = [], breakGlass, rejection } = promotion.status;
  const isOpen = !hasEnded(promotion) && breakGlass === undefined && rejection === undefined;
  return isOpen && gates.some(({ kind, state }) => kind === "approvals" && state === "Waiting");
}
