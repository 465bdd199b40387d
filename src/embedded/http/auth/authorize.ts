import type { User } from "../../verbs/api.ts";
import { ApiError } from "../../api-error.ts";
import { formatResource } from "../errors.ts";
import type { AccessAttributes, Authorize } from "../options.ts";
import type { RequestInfo } from "../path/request-info.ts";

export function attributesOf(info: RequestInfo, user: User): AccessAttributes {
  const { verb, isResource, group, version, resource, subresource, namespace, name, path } = info;
  return {
    user,
    verb,
    isResource,
    group,
    version,
    resource,
    subresource,
    namespace,
    name,
    path: isResource ? "" : path,
  };
}

/** Throws Forbidden in kube-apiserver's words. */
export function requireAccess(authorize: Authorize, attributes: AccessAttributes): void {
  const { allowed, reason } = authorize(attributes);
  if (!allowed) throw forbidden(attributes, reason);
}

export function forbidden(attributes: AccessAttributes, reason: string): ApiError {
  const { group, resource, name } = attributes;
  const why = reason === "" ? explain(attributes) : `${explain(attributes)}: ${reason}`;
  if (!attributes.isResource) return new ApiError("Forbidden", `forbidden: ${why}`, {});
  const subject =
    name === "" ? formatResource(group, resource) : `${formatResource(group, resource)} "${name}"`;
  return new ApiError("Forbidden", `${subject} is forbidden: ${why}`, {
    ...(name === "" ? {} : { name }),
    ...(group === "" ? {} : { group }),
    kind: resource,
  });
}

function explain(attributes: AccessAttributes): string {
  const { user, verb, group, namespace, path } = attributes;
  const who = `User ${quote(user.name)} cannot ${verb}`;
  if (!attributes.isResource) return escapeHtml(`${who} path ${quote(path)}`);
  const { resource, subresource } = attributes;
  const what = subresource === "" ? resource : `${resource}/${subresource}`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${quote(namespace)}`;
  return escapeHtml(`${who} resource ${quote(what)} in API group ${quote(group)} ${where}`);
}

function quote(text: string): string {
  return JSON.stringify(text);
}

// Errors must not look like HTML to a browser that was led here.
function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
