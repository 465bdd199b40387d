import type { Application } from "#core/app/index.ts";
import type { HubConfig } from "#core/hub/index.ts";
import { resolveReferences } from "#core/hub/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { ClusterRegistry } from "../clusters/registry.ts";
import type { Hub } from "#ports/hub.ts";

export interface ContextSources {
  readonly hub: Hub;
  readonly config: HubConfig;
  readonly registry: ClusterRegistry;
}

export type ContextResult =
  | { readonly ok: true; readonly context: AppContext }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Finds what an application refers to. Problems are sentences for an InvalidSpecError condition. */
export function resolveContext(app: Application, { hub, config, registry }: ContextSources): ContextResult {
  const { namespace } = hub;
  const findProject = (name: string) => hub.projects.get(`${namespace}/${name}`);
  const resolved = resolveReferences(app, { config, namespace, findProject, compilePattern });
  if (!resolved.ok) return resolved;
  return { ok: true, context: { ...resolved.references, live: registry.get(resolved.references.target) } };
}
