import { MooringError } from "#core/errors/index.ts";
import type { NamedRefs } from "#ports/git-store.ts";

/** What a repository has, as one listing said. */
export interface RemoteRefs {
  /** Full ref name to object id; annotated tags lead to what they point at. */
  readonly refs: ReadonlyMap<string, string>;
  /** Object ids of annotated tags themselves, by full ref name. */
  readonly tagObjects: ReadonlyMap<string, string>;
  /** The branch that HEAD stands for. */
  readonly head: string | undefined;
}

const line = /^(?<oid>[0-9a-f]{40}|[0-9a-f]{64})\t(?<name>\S.*)$/;

/** Parses the output of `git ls-remote --symref`; throws GIT_FAILED for lines that git never writes. */
export function parseRemoteRefs(output: string): RemoteRefs {
  const refs = new Map<string, string>();
  const tagObjects = new Map<string, string>();
  let head: string | undefined;
  for (const text of output.split("\n")) {
    if (text === "") continue;
    const symref = /^ref: (?<target>refs\/\S+)\tHEAD$/.exec(text)?.groups?.["target"];
    if (symref !== undefined) {
      head = symref;
      continue;
    }
    if (text.startsWith("ref: ")) continue;
    const parts = line.exec(text)?.groups;
    const { oid, name } = { oid: parts?.["oid"], name: parts?.["name"] };
    if (oid === undefined || name === undefined) {
      throw new MooringError(
        "GIT_FAILED",
        "list of refs: a line that is not a ref; is this a Git repository?",
      );
    }
    // The peeled line follows its tag and replaces the tag object's id with the commit's.
    const plain = name.endsWith("^{}") ? name.slice(0, -3) : name;
    const tagObject = plain === name ? undefined : refs.get(plain);
    if (tagObject !== undefined) tagObjects.set(plain, tagObject);
    refs.set(plain, oid);
  }
  return { refs, tagObjects, head };
}

/** The names of branches and tags, sorted. */
export function namesOf(remote: RemoteRefs): NamedRefs {
  const names = (prefix: string) => [...shortNames(remote, prefix).keys()].toSorted();
  return { branches: names("refs/heads/"), tags: names("refs/tags/") };
}

export function branchesOf(remote: RemoteRefs): ReadonlyMap<string, string> {
  return shortNames(remote, "refs/heads/");
}

export function tagsOf(remote: RemoteRefs): ReadonlyMap<string, string> {
  return shortNames(remote, "refs/tags/");
}

function shortNames(remote: RemoteRefs, prefix: string): ReadonlyMap<string, string> {
  return new Map(
    [...remote.refs].flatMap(([name, oid]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), oid] as const] : [],
    ),
  );
}
