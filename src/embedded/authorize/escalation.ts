import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, jsonEqual, viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { Store } from "../storage/store.ts";
import type { Admission } from "../verbs/cluster-state.ts";
import { textOf } from "../schema/text-of.ts";
import { forbidden } from "../verbs/refusals.ts";
import { type Attempt, includes, judgeByRoles, masters, rulesFor, rulesOf } from "./rbac.ts";

/** Parts of a rule that are looked at one by one; a rule of more has to be held as a whole. */
const maxParts = 10_000;

/**
 * Who may write roles and bindings cannot give more than what is theirs, unless they may `escalate` the role or `bind` it. Throws
 * Forbidden.
 */
export function refuseEscalation(store: Store, admission: Admission): void {
  const { target, live, next, user } = admission;
  if (target.kind.group !== "rbac.authorization.k8s.io" || user.groups.includes(masters)) return;
  const isBinding = target.kind.kind.endsWith("Binding");
  const fields = isBinding ? ["roleRef", "subjects"] : ["rules", "aggregationRule"];
  if (live !== undefined && fields.every((field) => jsonEqual(live[field] ?? null, next[field] ?? null)))
    return;
  if (judgeByRoles(store, attemptOf(admission, isBinding)).allowed) return;
  const held = rulesFor(store, user, target.namespace).filter((rule) => isJsonObject(rule));
  const given = isBinding ? rulesOf(store, next) : viewArray(next, "rules");
  if (next["aggregationRule"] !== undefined && !everything.every((rule) => isHeld(held, rule))) {
    throw forbidden(target, "must have cluster-admin privileges to use the aggregationRule");
  }
  const missing = given.filter((rule) => isJsonObject(rule) && !isHeld(held, rule));
  if (missing.length === 0) return;
  const who = `user ${JSON.stringify(user.name)} (groups=[${user.groups.map((group) => JSON.stringify(group)).join(" ")}])`;
  const lines = missing.map((rule) => format(rule)).join("\n");
  throw forbidden(target, `${who} is attempting to grant RBAC permissions not currently held:\n${lines}`);
}

const everything: readonly JsonObject[] = [
  { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
  { nonResourceURLs: ["*"], verbs: ["*"] },
];

function attemptOf({ target, next, user }: Admission, isBinding: boolean): Attempt {
  const role = viewObject(next, "roleRef");
  const ofRole = viewString(role, "kind") === "ClusterRole" ? "clusterroles" : "roles";
  return {
    user,
    verb: isBinding ? "bind" : "escalate",
    isResource: true,
    group: target.kind.group,
    resource: isBinding ? ofRole : target.kind.plural,
    subresource: "",
    namespace: target.namespace,
    name: (isBinding ? viewString(role, "name") : next.metadata.name) ?? "",
    path: "",
  };
}

/** Whether rules that somebody has allow all that another one does. */
function isHeld(held: readonly JsonObject[], rule: JsonObject): boolean {
  if (held.some((each) => covers(each, rule))) return true;
  const parts = partsOf(rule);
  return parts !== undefined && parts.every((part) => held.some((each) => covers(each, part)));
}

function covers(held: JsonObject, rule: JsonObject): boolean {
  const all = (field: string): boolean =>
    viewArray(rule, field).every((value) => includes(held, field, textOf(value)));
  if (!all("verbs")) return false;
  const urls = viewArray(rule, "nonResourceURLs");
  if (urls.length > 0)
    return urls.every((url) => viewArray(held, "nonResourceURLs").some((own) => isWithin(own, url)));
  const [names, own] = [viewArray(rule, "resourceNames"), viewArray(held, "resourceNames")];
  const hasNames = own.length === 0 || (names.length > 0 && names.every((name) => own.includes(name)));
  return hasNames && all("apiGroups") && all("resources") && viewArray(held, "resources").length > 0;
}

function isWithin(own: JsonValue, url: JsonValue): boolean {
  const [pattern, path] = [textOf(own), textOf(url)];
  return pattern === path || (pattern.endsWith("*") && path.startsWith(pattern.slice(0, -1)));
}

const dimensions = ["verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs"];

/** A rule as rules of one verb for one resource each; undefined when they are too many. */
function partsOf(rule: JsonObject): readonly JsonObject[] | undefined {
  const count = dimensions.reduce(
    (product, field) => product * Math.max(1, viewArray(rule, field).length),
    1,
  );
  if (count > maxParts) return undefined;
  return dimensions.reduce<readonly JsonObject[]>(
    (parts, field) => {
      const values = viewArray(rule, field);
      if (values.length === 0) return parts;
      return parts.flatMap((part) => values.map((value) => ({ ...part, [field]: [value] })));
    },
    [{}],
  );
}

function format(rule: KubeObject | JsonValue): string {
  const shown = [
    ["APIGroups", "apiGroups"],
    ["Resources", "resources"],
    ["ResourceNames", "resourceNames"],
    ["NonResourceURLs", "nonResourceURLs"],
    ["Verbs", "verbs"],
  ] as const;
  const fields = shown.flatMap(([title, field]) => {
    const values = viewArray(rule, field).map((value) => JSON.stringify(value));
    return values.length === 0 ? [] : [`${title}:[${values.join(" ")}]`];
  });
  return `{${fields.join(", ")}}`;
}
