import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "../../../lib/api/index.ts";
import type { Source } from "./edit-source.ts";

/** For which application, existing or to be made, a source is looked at. */
export interface SourceOwner {
  readonly appName: string;
  readonly appProject: string;
}

/** What a source is and what can be set in it, as its files have it, without what the application sets. */
export function detailsQuery(source: Source, { appName, appProject }: SourceOwner) {
  const { helm, kustomize, ...rest } = source;
  const { parameters: _set, ...chart } = helm ?? {};
  const { images: _images, ...kustomization } = kustomize ?? {};
  const asked: Source = {
    ...rest,
    ...(Object.keys(chart).length === 0 ? {} : { helm: chart }),
    ...(Object.keys(kustomization).length === 0 ? {} : { kustomize: kustomization }),
  };
  // A block that holds nothing else is left out, so that the first parameter that is set asks for nothing anew.
  const isWhole = (asked.repoURL ?? "") !== "" && ((asked.path ?? "") !== "" || (asked.chart ?? "") !== "");
  return queryOptions({
    queryKey: ["source-details", asked, appName, appProject],
    queryFn: ({ signal }) =>
      call("repository.getAppDetails", { source: asked, appName, appProject }, { signal }),
    enabled: isWhole,
    staleTime: 60_000,
    retry: false,
    placeholderData: keepPreviousData,
  });
}

/** Directories of a repository that a tool knows. */
export function pathsQuery(
  { repoURL = "", targetRevision = "" }: Source,
  { appName, appProject }: SourceOwner,
) {
  return queryOptions({
    queryKey: ["source-paths", repoURL, targetRevision, appName, appProject],
    queryFn: ({ signal }) =>
      call(
        "repository.listApps",
        { repo: repoURL, revision: targetRevision === "" ? "HEAD" : targetRevision, appName, appProject },
        { signal },
      ),
    enabled: repoURL !== "",
    staleTime: 60_000,
    retry: false,
  });
}

/** Branches and tags of a repository. */
export function refsQuery({ repoURL = "" }: Source, { appProject }: SourceOwner) {
  return queryOptions({
    queryKey: ["source-refs", repoURL, appProject],
    queryFn: ({ signal }) => call("repository.listRefs", { repo: repoURL, appProject }, { signal }),
    enabled: repoURL !== "",
    staleTime: 60_000,
    retry: false,
  });
}

/** The repositories that are registered and that one may see. */
export const repositoriesQuery = queryOptions({
  queryKey: ["repositories"],
  queryFn: ({ signal }) => call("repository.listRepositories", {}, { signal }),
  staleTime: 60_000,
});

/** Whether two addresses are of one repository, as far as spelling goes. */
export function isSameRepository(a: string | undefined, b: string | undefined): boolean {
  return spellingOf(a) === spellingOf(b);
}

function spellingOf(url = ""): string {
  return url
    .trim()
    .toLowerCase()
    .replace(/\/$/u, "")
    .replace(/\.git$/u, "");
}
