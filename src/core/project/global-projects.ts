import { array, map, object, required, string } from "#core/crd/schema.ts";
import type { Infer } from "#core/crd/schema.ts";
import type { KubeObject } from "#core/object/index.ts";
import { labelsOf } from "#core/object/index.ts";
import type { AppProject } from "./types.ts";

/** `globalProjects` of `argocd-cm`: projects whose rules join those of every project that a selector selects. */
export const globalProjectsSchema = array(
  object({
    projectName: required(string(undefined, { minLength: 1 })),
    labelSelector: required(
      object({
        matchLabels: map(string()),
        matchExpressions: array(
          object({
            key: required(string()),
            operator: required(string(undefined, { pattern: "^(In|NotIn|Exists|DoesNotExist)$" })),
            values: array(string()),
          }),
        ),
      }),
    ),
  }),
);

export type GlobalProject = Infer<typeof globalProjectsSchema>[number];

const mergedLists = [
  "sourceRepos",
  "destinations",
  "clusterResourceWhitelist",
  "clusterResourceBlacklist",
  "namespaceResourceWhitelist",
  "namespaceResourceBlacklist",
  "syncWindows",
] as const;

/** The names of the global projects whose rules a project has, too; it never has its own twice. */
export function globalProjectsOf(project: KubeObject, settings: readonly GlobalProject[]): readonly string[] {
  const labels = labelsOf(project);
  const names = settings
    .filter(({ labelSelector }) => selects(labelSelector, labels))
    .map(({ projectName }) => projectName);
  return [...new Set(names)].filter((name) => name !== project.metadata.name);
}

function selects(
  { matchLabels = {}, matchExpressions = [] }: GlobalProject["labelSelector"],
  labels: Readonly<Record<string, unknown>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      const isOneOf = typeof value === "string" && values.includes(value);
      if (operator === "In") return isOneOf;
      if (operator === "NotIn") return !isOneOf;
      return operator === "Exists" ? value !== undefined : value === undefined;
    })
  );
}

/** A global project with nothing but the lists that join those of other projects. */
export function globalRules(project: AppProject): AppProject {
  const spec = Object.fromEntries(
    mergedLists.flatMap((list) => {
      const entries = project.spec[list];
      return entries === undefined ? [] : [[list, entries]];
    }),
  );
  return { ...project, spec };
}

/** A project with the rules of its global projects behind its own, list by list. */
export function withGlobalRules(project: AppProject, globals: readonly AppProject[]): AppProject {
  const spec = { ...project.spec };
  for (const { spec: more } of globals) {
    for (const list of mergedLists) {
      const joined = [...(spec[list] ?? []), ...(more[list] ?? [])];
      if (joined.length > 0) Object.assign(spec, { [list]: joined });
    }
  }
  return { ...project, spec };
}
