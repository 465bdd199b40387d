import type { Problem } from "#core/crd/parse.ts";
import { integrityProblems } from "#core/integrity/policy.ts";
import { windowProblems } from "#core/windows/project-windows.ts";
import type { CompilePattern } from "./expression.ts";
import { expressionOf } from "./expression.ts";
import { parseGlob } from "./glob.ts";
import { unsupportedProjectFields } from "./unsupported.ts";
import type { AppProject, AppProjectSpec } from "./types.ts";

/**
 * What keeps Applications of a project from being deployed: rules that Mooring cannot keep yet, sync windows whose times cannot be
 * understood, and patterns that are no globs (what they permit is refused and what they forbid stays forbidden). Messages start with the
 * project.
 */
export function validateProject(project: AppProject, compilePattern: CompilePattern): readonly Problem[] {
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
  const windows = windowProblems(project.spec.syncWindows ?? []);
  const expressions = expressionProblems(project.spec.sourceNamespaces ?? [], compilePattern);
  return [...broken, ...expressions, ...windows, ...integrityProblems(project.spec), ...unsupported].map(
    ({ path, message }) => ({
      path,
      message: `${subject}: ${message}`,
    }),
  );
}

function expressionProblems(
  entries: readonly string[],
  compilePattern: CompilePattern,
): readonly { readonly path: string; readonly message: string }[] {
  return entries.flatMap((entry, i) => {
    const expression = expressionOf(entry);
    const compiled = expression === undefined ? undefined : compilePattern(expression);
    if (!(compiled instanceof Error)) return [];
    const path = `spec.sourceNamespaces[${i}]`;
    const fix = "correct it, without lookaheads and backreferences, or write a glob";
    return [{ path, message: `${path} is no regular expression: ${compiled.message}; ${fix}` }];
  });
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
      (spec.sourceNamespaces ?? []).map((entry) => (expressionOf(entry) === undefined ? entry : "")),
    ),
    ...(spec.destinations ?? []).flatMap((entry, i) => fieldsOf(`spec.destinations[${i}]`, entry)),
    ...(spec.orphanedResources?.ignore ?? []).flatMap((entry, i) =>
      fieldsOf(`spec.orphanedResources.ignore[${i}]`, entry),
    ),
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
