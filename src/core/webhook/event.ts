/** What a forge or registry says that has changed. Nothing of it is believed: it is a reason to ask the repository itself. */
export type WebhookEvent = RepositoryPush | ArtifactPush;

export interface RepositoryPush {
  readonly kind: "push";
  /** Addresses of one repository, of which at least one is known. */
  readonly urls: readonly string[];
  /** Full names, such as `refs/heads/main`. */
  readonly refs: readonly string[];
  /** The branch that HEAD is; undefined when the forge does not say. */
  readonly defaultBranch: string | undefined;
}

export interface ArtifactPush {
  readonly kind: "artifact";
  /** `host/path`, as in `ghcr.io/acme/charts/web`. */
  readonly repository: string;
  /** Undefined for a push of a digest alone, or one that does not say. */
  readonly tag: string | undefined;
}

const heads = "refs/heads/";
const tags = "refs/tags/";

/** The name of a branch from its ref; a name that is none stands as it is. */
export function branchOf(ref: string): string {
  return ref.startsWith(heads) ? ref.slice(heads.length) : ref;
}

export function branchRef(name: string): string {
  return `${heads}${name}`;
}

export function tagRef(name: string): string {
  return `${tags}${name}`;
}

/** The name of a tag from its ref; undefined when it is none of a tag. */
export function tagOf(ref: string): string | undefined {
  return ref.startsWith(tags) ? ref.slice(tags.length) : undefined;
}
