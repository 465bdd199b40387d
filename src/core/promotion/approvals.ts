import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { brokenGlass } from "./broken-glass.ts";
import type { Gate } from "./gate.ts";
import type { Promotion } from "./promotion.ts";
import { hasEnded } from "./promotion.ts";
import { parseText, requireText } from "./requests.ts";
import type { Approval, PromotionPhase } from "./types.ts";

/** Somebody who asks for something. */
export interface Person {
  readonly username: string;
  readonly groups: readonly string[];
  /** What else they are called, such as an e-mail address: as the author of a commit they may have that name. */
  readonly aliases?: readonly string[];
}

export interface ApprovalRequest {
  readonly person: Person;
  /** Of the plan that was read. */
  readonly digest: string;
  readonly comment?: string | undefined;
  /** RFC 3339. */
  readonly at: string;
}

const subjectOf = ({ namespace, name }: Promotion): string => `Promotion/${namespace}/${name}`;

/**
 * The merge patch of a Promotion's status that adds an approval; undefined where it is there. Throws POLICY_FORBIDDEN for who does not count,
 * SYNC_PLAN_CHANGED for another digest than that of the plan, and API_FAILED_PRECONDITION where nothing is to be approved.
 */
export function approve(
  promotion: Promotion,
  gates: readonly Gate[],
  { person, digest, comment = "", at }: ApprovalRequest,
): JsonObject | undefined {
  const subject = subjectOf(promotion);
  requirePerson(person, subject);
  requireOpen(promotion, "approved");
  requireDigest(promotion, digest);
  const asking = gates.filter(({ kind }) => kind === "approvals");
  if (asking.length === 0) {
    throw new MooringError(
      "API_FAILED_PRECONDITION",
      `${subject}: stage ${promotion.spec.stage} asks for no approval; see what it waits for with: mooring promotion get ${promotion.name}`,
    );
  }
  const { username, groups, aliases = [] } = person;
  const called = aliases.length === 0 ? {} : { aliases: [...new Set(aliases)] };
  const approval: Approval = { username, groups: [...groups], ...called, at, digest };
  const reasons = asking.map((gate) => whyNotCounted(approval, { promotion, gate }));
  const [reason] = reasons;
  if (reason !== undefined && !reasons.includes(undefined))
    throw new MooringError("POLICY_FORBIDDEN", `${subject}: an approval by ${username} ${reason}`);
  const { approvals = [] } = promotion.status;
  const isThere = approvals.some((one) => one.username === username && one.digest === digest);
  if (isThere) return undefined;
  const others = approvals.filter((one) => one.username !== username);
  const said = parseText("comment", comment);
  const added = { ...approval, ...(said === "" ? {} : { comment: said }) };
  return { status: { approvals: [...others, added] as unknown as JsonObject[] } };
}

interface Counting {
  readonly promotion: Pick<Promotion, "spec" | "status">;
  readonly gate: Gate;
}

/**
 * Why an approval does not count for a gate, to be read after whose it is; undefined where it does. Once per person is for whoever counts.
 */
export function whyNotCounted(
  { username, groups = [], aliases = [], digest }: Approval,
  { promotion: { spec, status }, gate }: Counting,
): string | undefined {
  if (digest !== status.plan?.digest)
    return "is of another plan than what would be applied now; look at it again";
  if (spec.cause === "Person" && isSamePerson(username, spec.requestedBy.username))
    return "does not count, because they asked for the promotion; ask somebody else";
  const names = [username, ...aliases];
  const own = (status.commits ?? []).find(({ author, email }) =>
    names.some((name) => isSamePerson(name, author) || isSamePerson(name, email)),
  );
  if (own !== undefined)
    return `does not count, because they are the author of commit ${own.commit.slice(0, 7)}; ask somebody else`;
  const isAuthor = (status.authors ?? []).some(({ name, email }) =>
    names.some((each) => isSamePerson(each, name) || isSamePerson(each, email)),
  );
  if (isAuthor) return "does not count, because they are the author of one of its commits; ask somebody else";
  const { users = [], groups: named = [] } = gate.spec.approvals ?? {};
  if (status.authorsCut === true && users.length === 0 && named.length === 0)
    return "does not count, because not all authors of its commits are known; name users or groups in the gate";
  const isAsked = users.includes(username) || named.some((group) => groups.includes(group));
  if ((users.length === 0 && named.length === 0) || isAsked) return undefined;
  const whom = [
    ...users.map((user) => `user ${user}`),
    ...named.map((group) => `a member of group ${group}`),
  ].slice(0, 5);
  return `does not count for gate ${gate.name}; ask ${whom.join(" or ")}`;
}

/** Names of people and e-mail addresses differ in the case of letters from one system to another. */
export function isSamePerson(a: string, b: string | undefined): boolean {
  return b !== undefined && b !== "" && a.trim().toLowerCase() === b.trim().toLowerCase();
}

interface Decision {
  readonly person: Person;
  readonly reason: string;
  /** RFC 3339. */
  readonly at: string;
}

/** The merge patch of a Promotion's status that refuses it. Throws API_FAILED_PRECONDITION where it is too late. */
export function reject(promotion: Promotion, { person, reason, at }: Decision): JsonObject | undefined {
  const subject = subjectOf(promotion);
  requirePerson(person, subject);
  const said = requireText("reason", reason);
  const { phase = "Pending", rejection } = promotion.status;
  if (rejection !== undefined && phase === "Refused") return undefined;
  requireOpen(promotion, "rejected");
  if (!beforeWriting.includes(phase)) {
    throw new MooringError(
      "API_FAILED_PRECONDITION",
      `${subject}: is ${phase}, and what is in Git cannot be rejected any more; take it back with: mooring rollback ${promotion.spec.pipeline}/${promotion.spec.stage} --reason TEXT`,
    );
  }
  return { status: { rejection: { username: person.username, at, reason: said } } };
}

const beforeWriting: readonly PromotionPhase[] = ["Pending", "Waiting", "Proposed"];

/** The merge patch of a Promotion's status by which its gates are passed without asking them. Throws API_FAILED_PRECONDITION for one that has ended. */
export function breakGlass(promotion: Promotion, { person, reason, at }: Decision): JsonObject | undefined {
  requirePerson(person, subjectOf(promotion));
  const said = requireText("reason", reason);
  requireOpen(promotion, "let through");
  if (brokenGlass(promotion) !== undefined) return undefined;
  const { plan } = promotion.status;
  // Before there is a plan, the first one is meant.
  const digest = plan === undefined ? {} : { digest: plan.digest };
  return { status: { breakGlass: { username: person.username, at, reason: said, ...digest } } };
}

function requirePerson({ username }: Person, subject: string): void {
  if (username !== "") return;
  throw new MooringError("POLICY_FORBIDDEN", `${subject}: nobody in particular decides nothing; log in`);
}

function requireOpen(promotion: Promotion, what: string): void {
  const { phase = "Pending", message = "", rejection } = promotion.status;
  const subject = subjectOf(promotion);
  if (hasEnded(promotion)) {
    const why = message === "" ? "" : ` (${message})`;
    throw new MooringError(
      "API_FAILED_PRECONDITION",
      `${subject}: has ended as ${phase}${why} and cannot be ${what}; promote again`,
    );
  }
  if (rejection === undefined) return;
  throw new MooringError(
    "API_FAILED_PRECONDITION",
    `${subject}: was rejected by ${rejection.username} and cannot be ${what}; promote again`,
  );
}

function requireDigest({ namespace, name, status }: Promotion, digest: string): void {
  const subject = `Promotion/${namespace}/${name}`;
  const { plan } = status;
  if (plan === undefined) {
    throw new MooringError(
      "API_FAILED_PRECONDITION",
      `${subject}: has no plan yet, so there is nothing to approve; try again in a moment`,
    );
  }
  if (plan.digest === digest) return;
  throw new MooringError(
    "SYNC_PLAN_CHANGED",
    `${subject}: ${digest.slice(0, 80)} is not the digest of its plan, which is ${plan.digest}; look at it with: mooring promotion plan ${name}`,
  );
}
