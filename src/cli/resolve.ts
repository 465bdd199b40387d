import type { Application, ApplicationSource } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, sourceOf, validateApplicationSpec } from "#core/app/index.ts";
import type { ClusterRecord } from "#core/cluster/index.ts";
import { resolveDestination } from "#core/cluster/index.ts";
import { MooringError, messageOf } from "#core/errors/index.ts";
import type { AppProject } from "#core/project/index.ts";
import {
  checkDestination,
  checkSource,
  defaultProject,
  parseProject,
  validateProject,
} from "#core/project/index.ts";
import type { RepositoryAccess } from "#core/repo/index.ts";
import { resolveRepositoryAccess } from "#core/repo/index.ts";
import type { Settings } from "#core/settings/index.ts";
import type { SetTrackingOptions } from "#core/tracking/index.ts";
import { appInstanceName } from "#core/tracking/index.ts";
import type { CliConfig } from "./config.ts";
import type { CliHub } from "./hub.ts";
import { hubTypes } from "./hub.ts";

/** What an Application's spec refers to, found and permitted. */
export interface ResolvedApp {
  readonly app: Application;
  readonly project: AppProject;
  readonly target: ClusterRecord;
  readonly source: ApplicationSource;
  readonly repository: RepositoryAccess;
  readonly settings: Settings;
  readonly tracking: SetTrackingOptions;
}

interface ResolveRequest {
  readonly hub: CliHub;
  readonly config: CliConfig;
  readonly signal: AbortSignal;
}

/** Finds what an Application refers to. Throws APP_INVALID that lists every problem, each on its line. */
export async function resolveApp(app: Application, request: ResolveRequest): Promise<ResolvedApp> {
  const { hub, config } = request;
  const problems = validateApplicationSpec(app).map((problem) => problem.message);
  const project = await readProject(app, request, problems);
  const destination = resolveDestination(app.spec.destination, config.clusters, config.settings);
  const subject = formatAppKey(appKeyOf(app));
  if (!destination.ok) problems.push(`${subject}: ${destination.message}`);
  const source = sourceOf(app);
  if (project === undefined || !destination.ok || source === undefined || problems.length > 0) {
    throw invalid(problems, `${subject}: it has no single source that could be deployed`);
  }
  problems.push(...denialsOf(app, { project, target: destination.cluster, source }));
  if (problems.length > 0) throw invalid(problems, subject);
  const { settings } = config;
  return {
    app,
    project,
    target: destination.cluster,
    source,
    repository: resolveRepositoryAccess(source.repoURL, project.metadata.name, config.repositories),
    settings,
    tracking: {
      appName: appInstanceName(app.metadata.namespace ?? "", app.metadata.name, hub.namespace),
      namespace: app.spec.destination.namespace ?? "",
      method: settings.trackingMethod,
      labelKey: settings.instanceLabelKey,
      installationId: settings.installationId,
    },
  };
}

function invalid(problems: readonly string[], otherwise: string): MooringError {
  return new MooringError(
    "APP_INVALID",
    problems.length === 0 ? otherwise : [...new Set(problems)].join("\n"),
  );
}

async function readProject(
  app: Application,
  { hub, signal }: ResolveRequest,
  problems: string[],
): Promise<AppProject | undefined> {
  const name = app.spec.project === "" ? "default" : app.spec.project;
  const ref = { type: hubTypes.project, namespace: hub.namespace, name };
  const object = await hub.cluster.read(ref, signal);
  if (object === undefined && name === "default") return defaultProject(hub.namespace);
  if (object === undefined) {
    problems.push(
      `${formatAppKey(appKeyOf(app))}: project "${name}" does not exist; create it with: mooring proj create ${name}`,
    );
    return undefined;
  }
  try {
    const project = parseProject(object);
    problems.push(...validateProject(project).map(({ message }) => message));
    return project;
  } catch (error) {
    problems.push(messageOf(error));
    return undefined;
  }
}

function denialsOf(
  app: Application,
  found: { readonly project: AppProject; readonly target: ClusterRecord; readonly source: ApplicationSource },
): readonly string[] {
  const { project, target, source } = found;
  const subject = formatAppKey(appKeyOf(app));
  const namespace = app.spec.destination.namespace ?? "";
  const denials = [
    checkSource(project, source.repoURL, subject),
    checkDestination(project, { cluster: target, namespace }, subject),
  ];
  return denials.flatMap((denial) => (denial === undefined ? [] : [denial.message]));
}
