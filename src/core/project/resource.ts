import type { Denial } from "./denial.ts";
import { denial } from "./denial.ts";
import { parseGlob } from "./glob.ts";
import type { AppProject } from "./types.ts";

export interface ProjectResource {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly namespaced: boolean;
}

interface ResourceRule {
  readonly group: string;
  readonly kind: string;
  readonly name?: string;
}

/**
 * Whether the project's Applications may manage an object of this kind. Namespaced kinds are permitted unless a list
 * says otherwise (an empty whitelist permits none); cluster-scoped kinds must be on the whitelist. A blacklist wins.
 * The object's namespace is `checkDestination`'s question.
 */
export function checkResource(project: AppProject, resource: ProjectResource): Denial | undefined {
  const { spec } = project;
  return resource.namespaced
    ? checkLists(project, resource, {
        prefix: "namespace",
        permitted: spec.namespaceResourceWhitelist,
        forbidden: spec.namespaceResourceBlacklist,
      })
    : checkLists(project, resource, {
        prefix: "cluster",
        permitted: spec.clusterResourceWhitelist ?? [],
        forbidden: spec.clusterResourceBlacklist,
      });
}

interface ResourceLists {
  readonly prefix: "namespace" | "cluster";
  readonly permitted: readonly ResourceRule[] | undefined;
  readonly forbidden: readonly ResourceRule[] | undefined;
}

function checkLists(
  project: AppProject,
  resource: ProjectResource,
  lists: ResourceLists,
): Denial | undefined {
  const { group, kind, name, namespace } = resource;
  const subject = [kind, namespace ?? "", name].filter((part) => part !== "").join("/");
  const rule = `{group: "${group}", kind: ${kind}}`;
  const refused = `kind ${group === "" ? kind : `${group}/${kind}`} is not permitted in project "${project.metadata.name}"`;
  if (lists.forbidden?.some((entry) => covers(entry, resource, true)) === true) {
    const field = `${lists.prefix}ResourceBlacklist`;
    return denial(
      subject,
      `spec.${field}`,
      `${refused} (spec.${field}); remove the entry that covers ${rule}`,
    );
  }
  if (lists.permitted === undefined || lists.permitted.some((entry) => covers(entry, resource, false))) {
    return undefined;
  }
  const field = `${lists.prefix}ResourceWhitelist`;
  return denial(subject, `spec.${field}`, `${refused} (spec.${field}); add ${rule} to ${field}`);
}

/** A pattern that is not a glob permits nothing, and forbids everything. */
function covers(entry: ResourceRule, resource: ProjectResource, whenBroken: boolean): boolean {
  const pairs = [
    [entry.kind, resource.kind],
    [entry.group, resource.group],
    [(entry.name ?? "") === "" ? "*" : (entry.name ?? ""), resource.name],
  ] as const;
  return pairs.every(([pattern, text]) => {
    const glob = parseGlob(pattern);
    return glob.problem === undefined ? glob.matches(text) : whenBroken;
  });
}
