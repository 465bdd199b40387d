import { repositoryMatchKey } from "#core/repo/index.ts";
import type { Denial } from "./denial.ts";
import { denial, isDenyPattern, passes } from "./denial.ts";
import type { AppProject } from "./types.ts";

/**
 * Whether Applications of the project may deploy from a repository: none of the `!` entries of `spec.sourceRepos`
 * matches it and any entry lets it pass. An entry with `!` lets everything else pass, as in Argo CD, so a list of bans
 * permits the rest. `*` stops at `/`, `**` does not; an entry that is `*` alone is everything.
 */
export function checkSource(project: AppProject, repoUrl: string, subject?: string): Denial | undefined {
  const url = repositoryMatchKey(repoUrl);
  const entries = project.spec.sourceRepos ?? [];
  const ban = entries.find((entry) => isDenyPattern(entry) && !passes(comparable(entry), url, "/"));
  const shown = withoutCredentials(repoUrl);
  const refused = `repository ${shown} is not permitted in project "${project.metadata.name}"`;
  if (ban !== undefined) {
    return denial(subject, "spec.sourceRepos", `${refused}: "${ban}" in spec.sourceRepos forbids it`);
  }
  if (entries.some((entry) => passes(comparable(entry), url, "/"))) return undefined;
  return denial(subject, "spec.sourceRepos", `${refused} (spec.sourceRepos); add it to sourceRepos`);
}

function comparable(entry: string): string {
  return isDenyPattern(entry) ? `!${repositoryMatchKey(entry.slice(1))}` : repositoryMatchKey(entry);
}

function withoutCredentials(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@]*@/iu, "$1");
}
