import { MooringError } from "#core/errors/index.ts";
import { isAction, projectResources, resources } from "#core/rbac/index.ts";
import type { Permission } from "../caller.ts";

/**
 * What somebody asks of the policy. A star stands for any object also where objects are called `project/name`. Throws
 * API_INVALID_ARGUMENT for resources and actions that do not exist.
 */
export function askedPermission({ resource, action, object }: Permission): Permission {
  if (!resources.includes(resource)) {
    const known = resources.join(", ");
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `resource: ${JSON.stringify(resource)} is none of ${known}`,
    );
  }
  if (!isAction(resource, action))
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `action: ${JSON.stringify(action)} is none of ${resource}`,
    );
  return { resource, action, object: object === "*" && projectResources.includes(resource) ? "*/*" : object };
}
