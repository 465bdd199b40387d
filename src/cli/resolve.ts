import type { Application } from "#core/app/index.ts";
import { projectNameOf } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { AppReferences, HubConfig } from "#core/hub/index.ts";
import { resolveReferences } from "#core/hub/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { CliHub } from "./hub.ts";

interface ResolveRequest {
  readonly hub: CliHub;
  readonly config: HubConfig;
  readonly signal: AbortSignal;
}

/** Finds what an Application refers to. Throws APP_INVALID that lists every problem, each on its line. */
export async function resolveApp(app: Application, request: ResolveRequest): Promise<AppReferences> {
  const { hub, config, signal } = request;
  const { namespace } = hub;
  const ref = { type: hubTypes.project, namespace, name: projectNameOf(app) };
  const project = await hub.cluster.read(ref, signal);
  const resolved = resolveReferences(app, { config, namespace, project });
  if (resolved.ok) return resolved.references;
  throw new MooringError("APP_INVALID", [...new Set(resolved.problems)].join("\n"));
}
