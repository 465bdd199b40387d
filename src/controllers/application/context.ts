import type { AppKey, Application, ApplicationSource } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, projectNameOf, sourceOf, validateApplicationSpec } from "#core/app/index.ts";
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
import type { RepositoryAccess, RepositoryConfig } from "#core/repo/index.ts";
import { resolveRepositoryAccess } from "#core/repo/index.ts";
import type { Settings } from "#core/settings/index.ts";
import type { SetTrackingOptions } from "#core/tracking/index.ts";
import { appInstanceName } from "#core/tracking/index.ts";
import type { LiveStore } from "#ports/live-store.ts";
import type { ClusterRegistry } from "../clusters/registry.ts";
import type { HubConfig } from "../hub/config.ts";
import type { Hub } from "../hub/hub.ts";

/** Everything that an application's spec refers to, found and permitted. */
export interface AppContext {
  readonly key: AppKey;
  readonly app: Application;
  /** The name in tracking ids. */
  readonly instance: string;
  readonly project: AppProject;
  readonly target: ClusterRecord;
  readonly live: LiveStore;
  readonly source: ApplicationSource;
  readonly repository: RepositoryAccess;
  /** How the application's project reaches repositories; for an operation that names a source of its own. */
  readonly repositories: RepositoryConfig;
  readonly settings: Settings;
  readonly tracking: SetTrackingOptions;
}

export interface ContextSources {
  readonly hub: Hub;
  readonly config: HubConfig;
  readonly registry: ClusterRegistry;
}

export type ContextResult =
  | { readonly ok: true; readonly context: AppContext }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Finds what an application refers to. Problems are sentences for an InvalidSpecError condition. */
export function resolveContext(app: Application, sources: ContextSources): ContextResult {
  const { hub, config, registry } = sources;
  const key = appKeyOf(app);
  const subject = formatAppKey(key);
  const problems = validateApplicationSpec(app).map((problem) => problem.message);
  const project = findProject(app, hub, problems);
  const destination = resolveDestination(app.spec.destination, config.clusters, config.settings);
  if (!destination.ok) problems.push(`${subject}: ${destination.message}`);
  const source = sourceOf(app);
  if (project === undefined || !destination.ok || source === undefined || problems.length > 0) {
    return { ok: false, problems };
  }
  const target = destination.cluster;
  problems.push(...denialsOf(app, { project, target, source }, subject));
  const repository = findRepository(source.repoURL, project, { config, problems });
  if (problems.length > 0 || repository === undefined) return { ok: false, problems };
  const instance = appInstanceName(app.metadata.namespace ?? "", app.metadata.name, hub.namespace);
  const context: AppContext = {
    key,
    app,
    instance,
    project,
    target,
    live: registry.get(target),
    source,
    repository,
    repositories: config.repositories,
    settings: config.settings,
    tracking: trackingOptions(instance, app, config.settings),
  };
  return { ok: true, context };
}

export function trackingOptions(instance: string, app: Application, settings: Settings): SetTrackingOptions {
  return {
    appName: instance,
    namespace: app.spec.destination.namespace ?? "",
    method: settings.trackingMethod,
    labelKey: settings.instanceLabelKey,
    installationId: settings.installationId,
  };
}

function findProject(app: Application, hub: Hub, problems: string[]): AppProject | undefined {
  const name = projectNameOf(app);
  const object = hub.projects.get(`${hub.namespace}/${name}`);
  if (object === undefined) {
    if (name === "default") return defaultProject(hub.namespace);
    problems.push(
      `${formatAppKey(appKeyOf(app))}: project "${name}" does not exist; create the AppProject or correct spec.project`,
    );
    return undefined;
  }
  try {
    const project = parseProject(object);
    problems.push(...validateProject(project).map((problem) => problem.message));
    return project;
  } catch (error) {
    problems.push(messageOf(error));
    return undefined;
  }
}

interface Permitted {
  readonly project: AppProject;
  readonly target: ClusterRecord;
  readonly source: ApplicationSource;
}

function denialsOf(
  app: Application,
  { project, target, source }: Permitted,
  subject: string,
): readonly string[] {
  const destination = { cluster: target, namespace: app.spec.destination.namespace ?? "" };
  const denials = [
    checkSource(project, source.repoURL, subject),
    checkDestination(project, destination, subject),
  ];
  return denials.flatMap((denial) => (denial === undefined ? [] : [denial.message]));
}

function findRepository(
  url: string,
  project: AppProject,
  { config, problems }: { readonly config: HubConfig; readonly problems: string[] },
): RepositoryAccess | undefined {
  try {
    return resolveRepositoryAccess(url, project.metadata.name, config.repositories);
  } catch (error) {
    problems.push(messageOf(error));
    return undefined;
  }
}

/**
 * The context with the source that an operation brings along, such as a rollback's. Throws POLICY_FORBIDDEN when the project does not
 * permit its repository.
 */
export function withSource(context: AppContext, source: ApplicationSource): AppContext {
  if (source.repoURL === context.source.repoURL) return { ...context, source };
  const denial = checkSource(context.project, source.repoURL, formatAppKey(context.key));
  if (denial !== undefined) throw new MooringError("POLICY_FORBIDDEN", denial.message, { key: context.key });
  const project = context.project.metadata.name;
  const repository = resolveRepositoryAccess(source.repoURL, project, context.repositories);
  return { ...context, source, repository };
}
