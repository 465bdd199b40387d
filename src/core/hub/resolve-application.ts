import type { AppKey, Application, ApplicationSource } from "#core/app/index.ts";
import {
  appKeyOf,
  formatAppKey,
  projectNameOf,
  sourcesOf,
  validateApplicationSpec,
} from "#core/app/index.ts";
import type { ClusterRecord } from "#core/cluster/index.ts";
import { resolveDestination } from "#core/cluster/index.ts";
import type { PrivateKey } from "#core/data-keys/index.ts";
import { dataKeysOf } from "#core/data-keys/index.ts";
import { messageOf } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { AppProject } from "#core/project/index.ts";
import {
  checkDestination,
  checkSource,
  defaultProject,
  parseProject,
  validateProject,
} from "#core/project/index.ts";
import type { RepositoryConfig } from "#core/repo/index.ts";
import type { Settings } from "#core/settings/index.ts";
import type { FoundVariables } from "#core/substitute/index.ts";
import { collectVariables, parseVariableOptions } from "#core/substitute/index.ts";
import type { SetTrackingOptions } from "#core/tracking/index.ts";
import { appInstanceName } from "#core/tracking/index.ts";
import type { HubConfig } from "./config.ts";
import type { SourceReference } from "./source-reference.ts";
import { referToSource } from "./source-reference.ts";

/** Everything that an application's spec refers to, found and permitted. */
export interface AppReferences {
  readonly key: AppKey;
  readonly app: Application;
  /** The name in tracking ids. */
  readonly instance: string;
  readonly project: AppProject;
  readonly target: ClusterRecord;
  /** In the order of the spec; never empty. */
  readonly sources: readonly SourceReference[];
  /** How repositories are reached; for an operation that names sources of its own. */
  readonly repositories: RepositoryConfig;
  readonly settings: Settings;
  readonly tracking: SetTrackingOptions;
  /** What files of the project may be decrypted with. */
  readonly privateKeys: readonly PrivateKey[];
  /** What rendered objects may name as variables; undefined when the application names none. */
  readonly substitution: FoundVariables | undefined;
}

export interface ReferenceSources {
  readonly config: HubConfig;
  /** The control-plane namespace. */
  readonly namespace: string;
  /** The AppProject that the application names, as the hub has it. */
  readonly project: KubeObject | undefined;
}

export type ResolvedReferences =
  | { readonly ok: true; readonly references: AppReferences }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Finds what an application refers to. Problems are sentences for an InvalidSpecError condition; never throws. */
export function resolveReferences(app: Application, sources: ReferenceSources): ResolvedReferences {
  const { config } = sources;
  const key = appKeyOf(app);
  const subject = formatAppKey(key);
  const problems = validateApplicationSpec(app).map((problem) => problem.message);
  const project = findProject(app, sources, problems);
  const destination = resolveDestination(app.spec.destination, config.clusters, config.settings);
  if (!destination.ok) problems.push(`${subject}: ${destination.message}`);
  const wanted = sourcesOf(app);
  if (project === undefined || !destination.ok || problems.length > 0) return { ok: false, problems };
  const target = destination.cluster;
  problems.push(...denialsOf(app, { project, target, wanted }));
  if (wanted.length === 0) problems.push(`${subject}: it has no source that could be deployed`);
  const found = findSources(wanted, project, { config, problems });
  const substitution = findVariables(app, project, { config, problems });
  if (problems.length > 0) return { ok: false, problems };
  const { settings, repositories } = config;
  const instance = appInstanceName(app.metadata.namespace ?? "", app.metadata.name, sources.namespace);
  const tracking = trackingOptions(instance, app, settings);
  const references = {
    key,
    app,
    instance,
    project,
    target,
    sources: found,
    repositories,
    settings,
    tracking,
    privateKeys: dataKeysOf(config.dataKeys, project.metadata.name),
    substitution,
  };
  return { ok: true, references };
}

/** How an application's objects are marked. */
export function trackingOptions(instance: string, app: Application, settings: Settings): SetTrackingOptions {
  return {
    appName: instance,
    namespace: app.spec.destination.namespace ?? "",
    method: settings.trackingMethod,
    labelKey: settings.instanceLabelKey,
    installationId: settings.installationId,
  };
}

function findProject(
  app: Application,
  { project: object, namespace }: ReferenceSources,
  problems: string[],
): AppProject | undefined {
  const name = projectNameOf(app);
  if (object === undefined) {
    if (name === "default") return defaultProject(namespace);
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

function denialsOf(
  app: Application,
  {
    project,
    target,
    wanted,
  }: Pick<AppReferences, "project" | "target"> & { readonly wanted: readonly ApplicationSource[] },
): readonly string[] {
  const subject = formatAppKey(appKeyOf(app));
  const destination = { cluster: target, namespace: app.spec.destination.namespace ?? "" };
  const denials = [
    ...wanted.map(({ repoURL }) => checkSource(project, repoURL, subject)),
    checkDestination(project, destination, subject),
  ];
  return denials.flatMap((denial) => (denial === undefined ? [] : [denial.message]));
}

function findVariables(
  app: Application,
  project: AppProject,
  { config, problems }: { readonly config: HubConfig; readonly problems: string[] },
): FoundVariables | undefined {
  const subject = formatAppKey(appKeyOf(app));
  try {
    const options = parseVariableOptions(app.metadata.annotations ?? {}, subject);
    if (options === undefined) return undefined;
    return collectVariables(options, {
      project: project.metadata.name,
      subject,
      find: ({ kind, name }) =>
        config.variables.find((object) => object.kind === kind && object.metadata.name === name),
    });
  } catch (error) {
    problems.push(messageOf(error));
    return undefined;
  }
}

function findSources(
  wanted: readonly ApplicationSource[],
  project: AppProject,
  { config, problems }: { readonly config: HubConfig; readonly problems: string[] },
): readonly SourceReference[] {
  return wanted.flatMap((source) => {
    try {
      return [referToSource(source, project, config.repositories)];
    } catch (error) {
      problems.push(messageOf(error));
      return [];
    }
  });
}
