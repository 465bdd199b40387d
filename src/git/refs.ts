import { MooringError } from "#core/errors/index.ts";

/** What a repository has, as one listing said. */
export interface RemoteRefs {
  /** Full ref name to object id; annotated tags lead to what they point at. */
  readonly refs: ReadonlyMap<string, string>;
  /** The branch that HEAD stands for. */
  readonly head: string | undefined;
}

const line = /^(?<oid>[0-9a-f]{40}|[0-9a-f]{64})\t(?<name>\S.*)$/;

/** Parses the output of `git ls-remote --symref`; throws GIT_FAILED for lines that git never writes. */
export function parseRemoteRefs(output: string): RemoteRefs {
  const refs = new Map<string, string>();
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
    refs.set(name.endsWith("^{}") ? name.slice(0, -3) : name, oid);
  }
  return { refs, head };
}

export function tagsOf(remote: RemoteRefs): ReadonlyMap<string, string> {
  const prefix = "refs/tags/";
  return new Map(
    [...remote.refs].flatMap(([name, oid]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), oid] as const] : [],
    ),
  );
}
