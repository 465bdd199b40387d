import { isJsonArray, type JsonObject, viewObject, viewString } from "#core/object/index.ts";
import type { User } from "../../verbs/api.ts";
import { badRequest } from "../errors.ts";
import type { AccessAttributes, AccessRules, Authorize, ResolvedOptions } from "../options.ts";

export interface ReviewRequest {
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly user: User;
  readonly body: JsonObject;
}

type Rules = Pick<ResolvedOptions, "authorize" | "rulesOf">;

/** Questions about access, which are answered and never kept; undefined for other resources. */
export function answerReview(request: ReviewRequest, rules: Rules): JsonObject | undefined {
  const kind = reviewKinds[`${request.group}/${request.resource}`];
  if (kind === undefined) return undefined;
  const { status, spec } = answerOf(kind, request, rules);
  return {
    kind,
    apiVersion: `${request.group}/v1`,
    metadata: viewObject(request.body, "metadata"),
    ...(spec === undefined ? {} : { spec }),
    status,
  };
}

const reviewKinds: Readonly<Record<string, string>> = {
  "authentication.k8s.io/selfsubjectreviews": "SelfSubjectReview",
  "authorization.k8s.io/selfsubjectaccessreviews": "SelfSubjectAccessReview",
  "authorization.k8s.io/selfsubjectrulesreviews": "SelfSubjectRulesReview",
  "authorization.k8s.io/subjectaccessreviews": "SubjectAccessReview",
  "authorization.k8s.io/localsubjectaccessreviews": "LocalSubjectAccessReview",
};

interface Answer {
  readonly status: JsonObject;
  readonly spec?: JsonObject;
}

function answerOf(kind: string, request: ReviewRequest, rules: Rules): Answer {
  const { body, user } = request;
  const spec = viewObject(body, "spec");
  switch (kind) {
    case "SelfSubjectReview":
      return { status: { userInfo: userInfoOf(user) } };
    case "SelfSubjectRulesReview":
      return { status: { ...rulesOf(user, viewString(spec, "namespace") ?? "", rules) }, spec };
    case "SelfSubjectAccessReview":
      return { status: judge(spec, user, rules.authorize), spec };
    default:
      return { status: judge(spec, subjectOf(spec), rules.authorize), spec };
  }
}

function userInfoOf({ name, uid, groups }: User): JsonObject {
  return { username: name, ...(uid === undefined ? {} : { uid }), groups };
}

function subjectOf(spec: JsonObject): User {
  const groups = isJsonArray(spec["groups"]) ? spec["groups"] : [];
  return {
    name: viewString(spec, "user") ?? "",
    groups: groups.filter((group) => typeof group === "string"),
  };
}

function judge(spec: JsonObject, user: User, authorize: Authorize): JsonObject {
  const { allowed, reason } = authorize(attributesOf(spec, user));
  return { allowed, ...(reason === "" ? {} : { reason }) };
}

function attributesOf(spec: JsonObject, user: User): AccessAttributes {
  const isResource = spec["resourceAttributes"] !== undefined;
  if (isResource === (spec["nonResourceAttributes"] !== undefined)) {
    throw badRequest("exactly one of nonResourceAttributes or resourceAttributes must be specified");
  }
  const asked = viewObject(spec, isResource ? "resourceAttributes" : "nonResourceAttributes");
  const text = (field: string): string => viewString(asked, field) ?? "";
  return {
    user,
    verb: text("verb"),
    isResource,
    group: text("group"),
    version: text("version"),
    resource: text("resource"),
    subresource: text("subresource"),
    namespace: text("namespace"),
    name: text("name"),
    path: text("path"),
  };
}

function rulesOf(user: User, namespace: string, rules: Rules): AccessRules {
  return rules.rulesOf?.(user, namespace) ?? { resourceRules: [], nonResourceRules: [], incomplete: true };
}
