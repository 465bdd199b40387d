import { repositoryMatchKey } from "../../../lib/shared.ts";
import type { Application } from "../queries.ts";

/** Applications that read a repository, as `namespace/name`. A project's own repository serves the applications of that project. */
export function usersOf(url: string, project: string, apps: readonly Application[]): readonly string[] {
  const key = repositoryMatchKey(url);
  return apps
    .filter(({ spec }) => {
      const sources = [spec?.source?.repoURL, ...(spec?.sources ?? []).map(({ repoURL }) => repoURL)];
      const isIn = project === "" || (spec?.project ?? "default") === project;
      return isIn && sources.some((one) => one !== undefined && repositoryMatchKey(one) === key);
    })
    .map(({ metadata }) => `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`);
}

/** Applications whose repositories begin with the address of a credential template. */
export function usersOfTemplate(url: string, apps: readonly Application[]): readonly string[] {
  const key = repositoryMatchKey(url);
  return apps
    .filter(({ spec }) =>
      [spec?.source, ...(spec?.sources ?? [])].some(
        (source) => source?.repoURL !== undefined && repositoryMatchKey(source.repoURL).startsWith(key),
      ),
    )
    .map(({ metadata }) => `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`);
}
