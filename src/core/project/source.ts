import type { Denial } from "./denial.ts";
import { denial, isDenyPattern, passes } from "./denial.ts";
import type { AppProject } from "./types.ts";

/**
 * Whether Applications of the project may deploy from a repository: none of the `!` entries of `spec.sourceRepos`
 * matches it and any entry lets it pass. An entry with `!` lets everything else pass, as in Argo CD, so a list of bans
 * permits the rest. `*` stops at `/`, `**` does not; an entry that is `*` alone is everything.
 */
export function checkSource(project: AppProject, repoUrl: string, subject?: string): Denial | undefined {
  const url = comparableUrl(repoUrl);
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
  return isDenyPattern(entry) ? `!${comparableUrl(entry.slice(1))}` : comparableUrl(entry);
}

/** Two spellings of one repository become one: case, a trailing `.git`, and the two ways to write an SSH address. */
function comparableUrl(url: string): string {
  const text = url
    .trim()
    .toLowerCase()
    .replace(/\.git$/u, "");
  if (text.startsWith("ssh://")) return text.slice("ssh://".length);
  const scp = /^[^/:@]+@[^/:]+:/u.exec(text)?.[0];
  return scp === undefined ? text : `${scp.slice(0, -1)}/${text.slice(scp.length)}`;
}

function withoutCredentials(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^/@]*@/iu, "$1");
}
