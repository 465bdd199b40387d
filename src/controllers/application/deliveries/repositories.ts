import type { ApplicationSource } from "#core/app/index.ts";
import { sourcesOf } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import { parseRepositoryUrl, repositoryIdentity } from "#core/repo/index.ts";
import { requireReferences } from "#engine/require-references.ts";
import type { ApplicationDeps } from "../deps.ts";
import type { KnownApp } from "./read-app.ts";

/** A repository in Git, and who reads it. */
export interface ReadRepository {
  readonly identity: string;
  /** Without credentials. */
  readonly url: string;
  /** With the credentials of the first application that may read it. */
  readonly access: RepositoryAccess;
  readonly readers: readonly Reader[];
}

/** A source of an application that is in the repository. */
export interface Reader {
  readonly known: KnownApp;
  readonly source: ApplicationSource;
  /** Its place among the application's. */
  readonly at: number;
}

type Deps = Pick<ApplicationDeps, "hub" | "config">;

/** The repositories in Git that applications read, each once. What an application may not read, or does not know how, is left out. */
export function findRepositories(apps: readonly KnownApp[], deps: Deps): readonly ReadRepository[] {
  const accesses = new Map<string, RepositoryAccess | undefined>();
  const found = new Map<string, { access: RepositoryAccess; readers: Reader[] }>();
  for (const known of apps) {
    for (const [at, source] of sourcesOf(known.app).entries()) {
      const name = JSON.stringify([known.project, source.repoURL]);
      if (accesses.get(name) === undefined) accesses.set(name, accessOf(known, at, deps));
      const access = accesses.get(name);
      if (access === undefined || (source.chart ?? "") !== "") continue;
      const identity = repositoryIdentity(parseRepositoryUrl(access.url));
      const repository = found.get(identity) ?? { access, readers: [] };
      repository.readers.push({ known, source, at });
      found.set(identity, repository);
    }
  }
  return [...found].map(([identity, one]) => ({ identity, url: one.access.url, ...one }));
}

/** How an application reaches one of its sources; undefined for what is not in Git, and for an application that may not. */
export function accessOf({ key }: KnownApp, at: number, deps: Deps): RepositoryAccess | undefined {
  try {
    const reference = requireReferences(key, { hub: deps.hub, config: deps.config() }).sources[at];
    return reference?.kind === "git" ? reference.access : undefined;
  } catch (error) {
    if (isMooringError(error)) return undefined;
    throw error;
  }
}
