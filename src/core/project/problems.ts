import type { Problem } from "#core/crd/parse.ts";
import { isExpression } from "#core/crd/unsupported.ts";
import { parseGlob } from "./glob.ts";
import { unsupportedProjectFields } from "./unsupported.ts";
import type { AppProject, AppProjectSpec } from "./types.ts";

/**
 * What keeps Applications of a project from being deployed: rules that Mooring cannot keep yet, and patterns that are
 * no globs (what they permit is refused and what they forbid stays forbidden). Messages start with the project.
 */
export function validateProject(project: AppProject): readonly Problem[] {
  const subject = `AppProject/${project.metadata.namespace ?? ""}/${project.metadata.name}`.replace(
    "//",
    "/",
  );
  const broken = globsOf(project.spec).flatMap(([path, pattern]) => {
    const { problem } = parseGlob(pattern.replace(/^!/u, ""));
    return problem === undefined
      ? []
      : [{ path, message: `${path} is not a glob: ${problem}; correct the pattern` }];
  });
  const unsupported = unsupportedProjectFields(project)
    .filter(({ blocking }) => blocking)
    .map(({ path, reason }) => ({ path, message: `${path} is set, but ${reason}` }));
  return [...broken, ...unsupported].map(({ path, message }) => ({
    path,
    message: `${subject}: ${message}`,
  }));
}

function globsOf(spec: AppProjectSpec): readonly (readonly [path: string, pattern: string])[] {
  const lists = [
    "clusterResourceWhitelist",
    "clusterResourceBlacklist",
    "namespaceResourceWhitelist",
    "namespaceResourceBlacklist",
  ] as const;
  return [
    ...listOf("spec.sourceRepos", spec.sourceRepos ?? []),
    ...listOf(
      "spec.sourceNamespaces",
      (spec.sourceNamespaces ?? []).map((entry) => (isExpression(entry) ? "" : entry)),
    ),
    ...(spec.destinations ?? []).flatMap((entry, i) => fieldsOf(`spec.destinations[${i}]`, entry)),
    ...lists.flatMap((list) =>
      (spec[list] ?? []).flatMap((entry, i) => fieldsOf(`spec.${list}[${i}]`, entry)),
    ),
  ];
}

function listOf(path: string, patterns: readonly string[]): readonly (readonly [string, string])[] {
  return patterns.map((pattern, i) => [`${path}[${i}]`, pattern] as const);
}

function fieldsOf(path: string, entry: Readonly<Record<string, string | undefined>>) {
  return Object.entries(entry).map(([field, pattern = ""]) => [`${path}.${field}`, pattern] as const);
}
