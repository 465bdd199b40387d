import { MooringError } from "#core/errors/index.ts";
import type { AccessSubject, Because } from "#core/rbac/index.ts";
import { anonymous, formatBecause } from "#core/rbac/index.ts";
import type { ServiceMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";
import type { PolicyLine, PolicyQuestion } from "../contract/gen/mooring/policy_pb.ts";
import type { ShapeOf } from "../contract/shape.ts";
import { askedPermission } from "./asked-permission.ts";

/** Nobody is in more, and each costs a search. */
const maxGroups = 1_000;

/** `mooring.policy.PolicyService`: what the policy lets somebody do, and which line says so. */
export function policyMethods({ policy }: ApiContext): ServiceMethods<"policy", Caller> {
  return {
    explain: (question, { caller }) => {
      const own = caller.identity === undefined ? anonymous : policy.subjectOf(caller.identity);
      const subject = askedAbout(question, own);
      // An answer about others tells lines that are not about the caller.
      if (isWithin(subject, own)) caller.needsNoPermission();
      else caller.require({ resource: "accounts", action: "get", object: "*" });
      const { resource = "", action = "", object = "" } = question;
      const decision = policy.enforcer().enforce(subject, askedPermission({ resource, action, object }));
      const { allowed, because } = decision;
      return Promise.resolve({
        allowed,
        ...(because === undefined ? {} : { because: present(because) }),
        reason: formatBecause(decision),
        subject: subject.subject,
        groups: subject.groups,
      });
    },
  };
}

function askedAbout(
  { subject = "", groups = [] }: ShapeOf<PolicyQuestion>,
  own: AccessSubject,
): AccessSubject {
  if (groups.length > maxGroups) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `groups: there are ${groups.length}; ask about at most ${maxGroups}`,
    );
  }
  return subject === "" && groups.length === 0 ? own : { subject, groups };
}

/** Whether the answer is about nobody but the caller, or the caller in fewer groups. */
function isWithin({ subject, groups }: AccessSubject, own: AccessSubject): boolean {
  return subject === own.subject && groups.every((group) => own.groups.includes(group));
}

function present({ source, line, text, through }: Because): ShapeOf<PolicyLine> {
  return {
    source,
    text,
    ...(line === undefined ? {} : { line }),
    ...(through === undefined ? {} : { throughKind: through.kind, throughName: through.name }),
  };
}
