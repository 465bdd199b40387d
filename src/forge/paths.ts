import type { ForgeKind } from "#ports/forge.ts";
import { pathOf } from "./path-of.ts";

/** Where a repository is in the API. Throws CONFIG_INVALID for what could lead elsewhere. */
export function repositoryPath(kind: ForgeKind, repository: string): string {
  return kind === "gitlab" ? `/projects/${encodeURIComponent(repository)}` : `/repos/${pathOf(repository)}`;
}

export function proposalsPath(kind: ForgeKind, repository: string): string {
  return `${repositoryPath(kind, repository)}/${kind === "gitlab" ? "merge_requests" : "pulls"}`;
}
