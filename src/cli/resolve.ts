import type { Application } from "#core/app/index.ts";
import { projectNameOf } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { AppReferences, HubConfig, ProjectSources } from "#core/hub/index.ts";
import { resolveReferences } from "#core/hub/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { CliHub } from "./hub.ts";

interface ResolveRequest {
  readonly hub: CliHub;
  readonly config: HubConfig;
  readonly signal: AbortSignal;
}

/** Reads the projects that have a say about an Application: its own and the global ones. */
export async function readProjects(
  app: Application,
  { hub, config, signal }: ResolveRequest,
): Promise<ProjectSources> {
  const { namespace } = hub;
  const names = [projectNameOf(app), ...config.settings.globalProjects.map((one) => one.projectName)];
  const read = async (name: string) => {
    const ref = { type: hubTypes.project, namespace, name };
    return [name, await hub.cluster.read(ref, signal)] as const;
  };
  const projects = new Map(await Promise.all([...new Set(names)].map((name) => read(name))));
  const { compilePattern } = await import("#runtime/patterns.ts");
  return { config, namespace, findProject: (name) => projects.get(name), compilePattern };
}

/** Finds what an Application refers to. Throws APP_INVALID that lists every problem, each on its line. */
export async function resolveApp(app: Application, request: ResolveRequest): Promise<AppReferences> {
  const resolved = resolveReferences(app, await readProjects(app, request));
  if (resolved.ok) return resolved.references;
  throw new MooringError("APP_INVALID", [...new Set(resolved.problems)].join("\n"));
}
