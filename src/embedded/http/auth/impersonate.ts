import type { User } from "../../verbs/api.ts";
import { badRequest } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import type { AccessAttributes, Authorize } from "../options.ts";
import { requireAccess } from "./authorize.ts";

const serviceAccountPrefix = "system:serviceaccount:";
const impersonates = /^impersonate-/i;
const extraPrefix = "impersonate-extra-";

interface Wanted {
  readonly user: string;
  readonly uid: string;
  readonly groups: readonly string[];
  /** Key and value; judged, but users here have no extras. */
  readonly extras: readonly (readonly [string, string])[];
}

/** The user that a request is to be served as. Throws Forbidden unless the one who asks may impersonate all that it names. */
export function impersonate(exchange: Exchange, requestor: User, authorize: Authorize): User {
  const { rawHeaders } = exchange.request;
  if (!rawHeaders.some((text) => impersonates.test(text))) return requestor;
  const wanted = readWanted(rawHeaders);
  const { user, uid, groups, extras } = wanted;
  if (user === "") {
    if (uid === "" && groups.length === 0 && extras.length === 0) return requestor;
    throw badRequest("requested impersonation of a uid, groups or extras without impersonating a user");
  }
  for (const attributes of attributesOf(wanted, requestor)) requireAccess(authorize, attributes);
  return { name: user, ...(uid === "" ? {} : { uid }), groups: groupsOf(wanted) };
}

function readWanted(rawHeaders: readonly string[]): Wanted {
  const headers = pairs(rawHeaders);
  const valuesOf = (name: string): readonly string[] =>
    headers.filter(([other]) => other === name).map(([, value]) => value);
  return {
    user: valuesOf("impersonate-user")[0] ?? "",
    uid: valuesOf("impersonate-uid")[0] ?? "",
    groups: valuesOf("impersonate-group"),
    extras: headers
      .filter(([name]) => name.startsWith(extraPrefix))
      .map(([name, value]) => [decode(name.slice(extraPrefix.length)), value] as const),
  };
}

function pairs(rawHeaders: readonly string[]): readonly (readonly [string, string])[] {
  return rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [[name.toLowerCase(), rawHeaders[at + 1] ?? ""] as const] : [],
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function attributesOf(wanted: Wanted, user: User): readonly AccessAttributes[] {
  const ask = (resource: string, name: string, more: Partial<AccessAttributes> = {}): AccessAttributes => ({
    user,
    verb: "impersonate",
    isResource: true,
    group: "",
    version: "v1",
    resource,
    subresource: "",
    namespace: "",
    name,
    path: "",
    ...more,
  });
  const account = serviceAccountOf(wanted.user);
  const authentication = { group: "authentication.k8s.io", version: "v1" };
  return [
    account === undefined
      ? ask("users", wanted.user)
      : ask("serviceaccounts", account.name, { namespace: account.namespace }),
    ...wanted.groups.map((group) => ask("groups", group)),
    ...wanted.extras.map(([key, value]) => ask("userextras", value, { ...authentication, subresource: key })),
    ...(wanted.uid === "" ? [] : [ask("uids", wanted.uid, authentication)]),
  ];
}

function serviceAccountOf(user: string): { readonly namespace: string; readonly name: string } | undefined {
  if (!user.startsWith(serviceAccountPrefix)) return undefined;
  const [namespace = "", name = "", ...more] = user.slice(serviceAccountPrefix.length).split(":");
  return namespace === "" || name === "" || more.length > 0 ? undefined : { namespace, name };
}

function groupsOf({ user, groups }: Wanted): readonly string[] {
  const account = serviceAccountOf(user);
  const given =
    groups.length > 0 || account === undefined
      ? groups
      : ["system:serviceaccounts", `system:serviceaccounts:${account.namespace}`];
  const isAnonymous = user === "system:anonymous";
  const standard = isAnonymous
    ? ["system:unauthenticated"]
    : ["system:authenticated", "system:unauthenticated"];
  if (given.some((group) => standard.includes(group))) return given;
  return [...given, isAnonymous ? "system:unauthenticated" : "system:authenticated"];
}
