import type { CredentialFields, CredentialTemplate, RepositorySettings } from "./secret.ts";
import { repositoryMatchKey } from "./url.ts";

/** A template's prefix may end inside a path, as in Argo CD, but never inside a host: `https://git.acme` must not match `https://git.acme.evil`. */
function isPrefixOf(prefix: string, key: string): boolean {
  if (prefix === "" || !key.startsWith(prefix)) return false;
  const rest = key.slice(prefix.length);
  const inPath = prefix.replace(/^[a-z]+:\/\//, "").includes("/");
  return rest === "" || inPath || /^[/:]/.test(rest);
}

/** A repository's own Secret: one scoped to the project before one for all. */
export function findRepository(
  key: string,
  project: string | undefined,
  repositories: readonly RepositorySettings[],
): RepositorySettings | undefined {
  const same = repositories.filter((repository) => repositoryMatchKey(repository.url) === key);
  const scoped = same.filter((repository) => repository.project !== "" && repository.project === project);
  const open = same.filter((repository) => repository.project === "");
  return [...scoped.toSorted(bySecret), ...open.toSorted(bySecret)][0];
}

function bySecret(a: CredentialTemplate, b: CredentialTemplate): number {
  return a.secret < b.secret ? -1 : Number(a.secret > b.secret);
}

/** The template with the longest URL that the key begins with. */
export function findTemplate(
  key: string,
  templates: readonly CredentialTemplate[],
): CredentialTemplate | undefined {
  const matches = templates.filter((template) => isPrefixOf(repositoryMatchKey(template.url), key));
  const length = (template: CredentialTemplate) => repositoryMatchKey(template.url).length;
  return matches.toSorted((a, b) => length(b) - length(a) || bySecret(a, b))[0];
}

export function hasCredentials(fields: CredentialFields | undefined): fields is CredentialFields {
  return fields !== undefined && Object.keys(fields).length > 0;
}
