import type { SigningKeys } from "#core/integrity/index.ts";
import type { ApprovalRequirement } from "#core/approval/index.ts";
import { findRequirement } from "#core/approval/index.ts";
import type { AppKey, Application, ApplicationSource } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, sourcesOf, validateApplicationSpec } from "#core/app/index.ts";
import type { ClusterRecord } from "#core/cluster/index.ts";
import { resolveDestination } from "#core/cluster/index.ts";
import type { PrivateKey } from "#core/data-keys/index.ts";
import { dataKeysOf } from "#core/data-keys/index.ts";
import { messageOf } from "#core/errors/index.ts";
import type { AppProject } from "#core/project/index.ts";
import { checkDestination, checkSource, checkSourceNamespace, withGlobalRules } from "#core/project/index.ts";
import type { RepositoryConfig } from "#core/repo/index.ts";
import type { Settings } from "#core/settings/index.ts";
import type { FoundVariables } from "#core/substitute/index.ts";
import { collectVariables, parseVariableOptions } from "#core/substitute/index.ts";
import type { SetTrackingOptions } from "#core/tracking/index.ts";
import { appInstanceName } from "#core/tracking/index.ts";
import type { PlacedWindow } from "#core/windows/index.ts";
import type { HubConfig } from "./config.ts";
import type { ProjectSources } from "./project-rules.ts";
import { findProjectRules, windowsOf } from "./project-rules.ts";
import type { SourceReference } from "./source-reference.ts";
import { referToSource } from "./source-reference.ts";

/** Everything that an application's spec refers to, found and permitted. */
export interface AppReferences {
  readonly key: AppKey;
  readonly app: Application;
  /** The name in tracking ids. */
  readonly instance: string;
  /** With the rules of its global projects. */
  readonly project: AppProject;
  /** The sync windows that apply to it, of its project and of the global ones. */
  readonly windows: readonly PlacedWindow[];
  /** Whether its syncs need an approved plan. */
  readonly approval: ApprovalRequirement;
  /** What is wrong with its project and does not keep it from being deployed. */
  readonly warnings: readonly string[];
  readonly target: ClusterRecord;
  /** In the order of the spec; never empty. */
  readonly sources: readonly SourceReference[];
  /** How repositories are reached; for an operation that names sources of its own. */
  readonly repositories: RepositoryConfig;
  readonly settings: Settings;
  readonly tracking: SetTrackingOptions;
  /** What files of the project may be decrypted with. */
  readonly privateKeys: readonly PrivateKey[];
  /** Public PGP keys for signatures of commits. */
  readonly signingKeys: SigningKeys;
  /** What rendered objects may name as variables; undefined when the application names none. */
  readonly substitution: FoundVariables | undefined;
}

export type ResolvedReferences =
  | { readonly ok: true; readonly references: AppReferences }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Finds what an application refers to. Problems are sentences for an InvalidSpecError condition; never throws. */
export function resolveReferences(app: Application, sources: ProjectSources): ResolvedReferences {
  const { config } = sources;
  const key = appKeyOf(app);
  const subject = formatAppKey(key);
  const problems = validateApplicationSpec(app).map((problem) => problem.message);
  const rules = findProjectRules(app, sources, problems);
  const project = rules === undefined ? undefined : withGlobalRules(rules.own, rules.globals);
  const destination = resolveDestination(app.spec.destination, config.clusters, config.settings);
  if (!destination.ok) problems.push(`${subject}: ${destination.message}`);
  const wanted = sourcesOf(app);
  if (rules === undefined || project === undefined || !destination.ok || problems.length > 0)
    return { ok: false, problems };
  const target = destination.cluster;
  problems.push(...denialsOf(app, sources, { project, target, wanted }));
  if (wanted.length === 0) problems.push(`${subject}: it has no source that could be deployed`);
  const found = findSources(wanted, project, { config, problems });
  const approval = findRequirement([app, rules.own, ...rules.globals]);
  problems.push(...approval.problems.map((problem) => `${subject}: ${problem}`));
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
    windows: windowsOf(app, rules, target),
    approval: approval.requirement,
    warnings: rules.warnings,
    target,
    sources: found,
    repositories,
    settings,
    tracking,
    privateKeys: dataKeysOf(config.dataKeys, project.metadata.name),
    signingKeys: config.signingKeys,
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

function denialsOf(
  app: Application,
  { compilePattern, namespace: controllerNamespace }: ProjectSources,
  {
    project,
    target,
    wanted,
  }: Pick<AppReferences, "project" | "target"> & { readonly wanted: readonly ApplicationSource[] },
): readonly string[] {
  const subject = formatAppKey(appKeyOf(app));
  const destination = { cluster: target, namespace: app.spec.destination.namespace ?? "" };
  const { namespace = controllerNamespace } = app.metadata;
  const home = { namespace, controllerNamespace, compilePattern };
  const denials = [
    checkSourceNamespace(project, home, subject),
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
