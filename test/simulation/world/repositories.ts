import { createHash } from "node:crypto";
import type { RemoteRefs } from "../../../src/git/refs.ts";

/** A commit in memory. */
export interface SimulatedCommit {
  /** 40 hexadecimal digits that follow from what is in it. */
  readonly id: string;
  readonly parent: string | undefined;
  readonly files: Readonly<Record<string, string>>;
  readonly message: string;
  /** Milliseconds since the Unix epoch. */
  readonly timeMs: number;
}

interface CommitOptions {
  /** `main` unless told. */
  readonly branch?: string;
  readonly message?: string;
  readonly timeMs: number;
}

/** A Git repository in memory. */
export interface SimulatedRepository {
  readonly url: string;
  /** Commits exactly these files and moves the branch there. */
  commit(files: Readonly<Record<string, string>>, options: CommitOptions): SimulatedCommit;
  tag(name: string, commit: string): void;
  refs(): RemoteRefs;
  find(commit: string): SimulatedCommit | undefined;
}

export function createRepository(url: string): SimulatedRepository {
  const refs = new Map<string, string>();
  const commits = new Map<string, SimulatedCommit>();
  return {
    url,
    commit: (files, { branch = "main", message = "a change", timeMs }) => {
      const ref = `refs/heads/${branch}`;
      const parent = refs.get(ref);
      const id = createHash("sha1")
        .update(JSON.stringify([url, parent ?? "", message, timeMs, files]))
        .digest("hex");
      const commit = { id, parent, files, message, timeMs };
      commits.set(id, commit);
      refs.set(ref, id);
      return commit;
    },
    tag: (name, commit) => void refs.set(`refs/tags/${name}`, commit),
    refs: () => ({ refs: new Map(refs), tagObjects: new Map(), head: "refs/heads/main" }),
    find: (commit) => commits.get(commit),
  };
}
