import type { Application } from "#core/app/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import { resolveContext } from "../application/context.ts";
import type { HydratedApplication } from "./batch.ts";
import type { HydrationDeps } from "./deps.ts";

/** An Application that its project permits to be hydrated. */
export interface PreparedApplication extends HydratedApplication {
  /** With the dry source in the place of the source. */
  readonly context: AppContext;
}

type Preparation =
  | { readonly ok: true; readonly prepared: PreparedApplication }
  | { readonly ok: false; readonly member: HydratedApplication; readonly problem: string };

/** What an Application refers to; what is not permitted or makes no sense is its own failure, and nobody else's. */
export function prepare(member: HydratedApplication, deps: HydrationDeps): Preparation {
  const config = deps.config();
  if (!config.hydrates) {
    const problem =
      'hydrator.enabled of ConfigMap argocd-cmd-params-cm is not "true", so nothing is committed; set it';
    return { ok: false, member, problem };
  }
  const { app, hydrator } = member;
  const { sourceHydrator: _hydrator, sources: _sources, ...spec } = app.spec;
  const dry: Application = { ...app, spec: { ...spec, source: hydrator.drySource } };
  const at = { hub: deps.hub, config, registry: deps.registry };
  const [wet, found] = [resolveContext(app, at), resolveContext(dry, at)];
  if (wet.ok && found.ok) return { ok: true, prepared: { ...member, context: found.context } };
  const problems = new Set([wet, found].flatMap((one) => (one.ok ? [] : one.problems)));
  return { ok: false, member, problem: [...problems].join("; ") };
}
