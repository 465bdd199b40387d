import type { Application } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, projectNameOf } from "#core/app/index.ts";
import { resolveDestination } from "#core/cluster/index.ts";
import { messageOf } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { AppProject, CompilePattern } from "#core/project/index.ts";
import {
  defaultProject,
  globalProjectsOf,
  globalRules,
  parseProject,
  validateProject,
} from "#core/project/index.ts";
import type { PlacedWindow } from "#core/windows/index.ts";
import { windowsFor } from "#core/windows/index.ts";
import type { HubConfig } from "./config.ts";

export interface ProjectSources {
  readonly config: HubConfig;
  /** The control-plane namespace. */
  readonly namespace: string;
  /** An AppProject by name, as the hub has it. */
  readonly findProject: (name: string) => KubeObject | undefined;
  readonly compilePattern: CompilePattern;
}

/** An application's project with the global ones that its labels select. */
export interface ProjectRules {
  readonly own: AppProject;
  readonly globals: readonly AppProject[];
  readonly warnings: readonly string[];
}

export function findProjectRules(
  app: Application,
  sources: ProjectSources,
  problems: string[],
): ProjectRules | undefined {
  const user = { project: projectNameOf(app), subject: formatAppKey(appKeyOf(app)) };
  return findRulesFor(user, sources, problems);
}

/** What is of a project, and how messages name it. */
export interface ProjectUser {
  readonly project: string;
  readonly subject: string;
}

export function findRulesFor(
  { project: name, subject }: ProjectUser,
  { config, compilePattern, findProject: find, namespace }: ProjectSources,
  problems: string[],
): ProjectRules | undefined {
  const object = find(name) ?? (name === "default" ? defaultProject(namespace) : undefined);
  if (object === undefined) {
    problems.push(
      `${subject}: project "${name}" does not exist; create the AppProject or correct spec.project`,
    );
    return undefined;
  }
  const reading = { compilePattern, problems };
  const own = readProject(object, reading, (project) => project);
  if (own === undefined) return undefined;
  const globals: AppProject[] = [];
  const warnings: string[] = [];
  for (const global of globalProjectsOf(object, config.settings.globalProjects)) {
    const found = find(global);
    if (found === undefined) {
      warnings.push(
        `global project "${global}", which globalProjects in argocd-cm names for project "${name}", does not exist; create the AppProject or correct globalProjects`,
      );
      continue;
    }
    const rules = readProject(found, reading, globalRules);
    if (rules !== undefined) globals.push(rules);
  }
  return { own, globals, warnings };
}

function readProject(
  object: KubeObject,
  { compilePattern, problems }: { readonly compilePattern: CompilePattern; readonly problems: string[] },
  part: (project: AppProject) => AppProject,
): AppProject | undefined {
  try {
    const project = part(parseProject(object));
    problems.push(...validateProject(project, compilePattern).map((problem) => problem.message));
    return project;
  } catch (error) {
    problems.push(messageOf(error));
    return undefined;
  }
}

export function windowsOf(
  app: Application,
  { own, globals }: ProjectRules,
  cluster: { readonly server: string; readonly name: string },
): readonly PlacedWindow[] {
  const owned = [own, ...globals].map(({ metadata, spec }) => {
    return { project: metadata.name, windows: spec.syncWindows ?? [] };
  });
  const { name: application } = app.metadata;
  return windowsFor(owned, { application, namespace: app.spec.destination.namespace ?? "", cluster });
}

/** The sync windows that apply to an application, whatever else is wrong with it, and what is wrong with its projects. */
export function resolveWindows(
  app: Application,
  sources: ProjectSources,
): { readonly windows: readonly PlacedWindow[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const rules = findProjectRules(app, sources, problems);
  if (rules === undefined) return { windows: [], problems };
  const { destination } = app.spec;
  const found = resolveDestination(destination, sources.config.clusters, sources.config.settings);
  const { server = "", name = "" } = found.ok ? found.cluster : destination;
  return { windows: windowsOf(app, rules, { server, name }), problems };
}
