import type { Application, AppKey } from "#core/app/index.ts";
import { formatAppKey, parseApplication } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { AppReferences, HubConfig } from "#core/hub/index.ts";
import { resolveReferences } from "#core/hub/index.ts";
import type { Hub } from "#ports/hub.ts";
import { compilePattern } from "#runtime/patterns.ts";

interface KnownHub {
  readonly hub: Hub;
  readonly config: HubConfig;
}

/**
 * Everything that an application of the hub refers to. Throws APP_NOT_FOUND, and APP_INVALID for one that refers to what is not there or not
 * permitted.
 */
export function requireReferences(key: AppKey, known: KnownHub): AppReferences {
  const object = known.hub.applications.get(key);
  if (object === undefined) {
    throw new MooringError(
      "APP_NOT_FOUND",
      `${formatAppKey(key)}: does not exist; see the list of applications`,
    );
  }
  return referencesOf(parseApplication(object), known);
}

/** The same of an application that need not be in the hub. Throws APP_INVALID. */
export function referencesOf(app: Application, { hub, config }: KnownHub): AppReferences {
  const { namespace } = hub;
  const findProject = (name: string) => hub.projects.get(`${namespace}/${name}`);
  const resolved = resolveReferences(app, { config, namespace, findProject, compilePattern });
  if (resolved.ok) return resolved.references;
  throw new MooringError("APP_INVALID", [...new Set(resolved.problems)].join("\n"));
}
