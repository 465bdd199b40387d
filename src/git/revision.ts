import { MooringError } from "#core/errors/index.ts";
import type { Resolved } from "#ports/git-store.ts";
import type { RemoteRefs } from "./refs.ts";
import { tagsOf } from "./refs.ts";
import { highestInRange, isVersionRange } from "#runtime/version-range.ts";

export type Revision =
  | { readonly kind: "commit"; readonly commit: string }
  | { readonly kind: "head" }
  | { readonly kind: "range"; readonly range: string; readonly tagPrefix: string }
  | { readonly kind: "name"; readonly name: string };

/** The rules of `git check-ref-format` that keep a name from being read as anything but a name. */
function isRefName(name: string): boolean {
  const letters = Array.from(name);
  return (
    name.length <= 1_024 &&
    !letters.some((letter) => letter <= " " || letter === "\u007F" || "~^:?*[\\".includes(letter)) &&
    !/^[-./]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[./]$|^@$/.test(name)
  );
}

/** Parses `targetRevision`; throws GIT_INVALID for what can be no branch, tag, commit or range. `tagPrefix` is what the tags of a range begin with. */
export function parseRevision(text: string, tagPrefix = ""): Revision {
  const revision = text.trim();
  if (revision === "" || revision === "HEAD") return { kind: "head" };
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(revision)) {
    return { kind: "commit", commit: revision.toLowerCase() };
  }
  if (revision.length <= 256 && !revision.startsWith("-") && isVersionRange(revision)) {
    return { kind: "range", range: revision, tagPrefix };
  }
  if (isRefName(revision)) return { kind: "name", name: revision };
  throw new MooringError(
    "GIT_INVALID",
    `revision ${JSON.stringify(revision.slice(0, 100))}: not a branch, tag, commit or version range; correct targetRevision`,
  );
}

function findName(remote: RemoteRefs, name: string): Resolved | undefined {
  const full = name.startsWith("refs/")
    ? [name]
    : [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`];
  for (const ref of full) {
    const commit = remote.refs.get(ref);
    if (commit !== undefined) return { commit, ref };
  }
  return undefined;
}

function findHead({ refs, head }: RemoteRefs): Resolved | undefined {
  const commit = refs.get("HEAD") ?? (head === undefined ? undefined : refs.get(head));
  return commit === undefined ? undefined : { commit, ref: head ?? "HEAD" };
}

/** A range is tried over the tags first and as a plain name then, so that a branch named `1.x` works where no tag matches. */
function findRange(remote: RemoteRefs, range: string, tagPrefix: string): Resolved | undefined {
  const tags = tagsOf(remote);
  const tag = highestInRange(range, tags.keys(), tagPrefix);
  const commit = tag === undefined ? undefined : tags.get(tag);
  if (tag !== undefined && commit !== undefined) return { commit, ref: `refs/tags/${tag}` };
  return isRefName(range) ? findName(remote, range) : undefined;
}

/** Looks a revision up in what the repository has; undefined when it is not there. */
export function findRevision(remote: RemoteRefs, revision: Revision): Resolved | undefined {
  switch (revision.kind) {
    case "commit":
      return { commit: revision.commit };
    case "head":
      return findHead(remote);
    case "range":
      return findRange(remote, revision.range, revision.tagPrefix);
    case "name":
      return findName(remote, revision.name);
    default:
      throw new Error(`unhandled revision: ${JSON.stringify(revision satisfies never)}`);
  }
}

/** A short commit id, in lower case; undefined when the revision cannot be one. */
export function shortCommitOf(revision: Revision): string | undefined {
  if (revision.kind !== "name" || !/^[0-9a-f]{7,63}$/i.test(revision.name)) return undefined;
  return revision.name.toLowerCase();
}

/** A full commit id, in lower case; throws GIT_INVALID for anything else. */
export function requireCommit(text: string): string {
  const wanted = parseRevision(text);
  if (wanted.kind === "commit") return wanted.commit;
  const shown = JSON.stringify(text.slice(0, 100));
  throw new MooringError("GIT_INVALID", `commit ${shown}: not a full commit id; resolve the revision first`);
}

export function formatOf(commit: string): "sha1" | "sha256" {
  return commit.length === 64 ? "sha256" : "sha1";
}
