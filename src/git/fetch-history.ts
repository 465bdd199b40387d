import { fetchCommit } from "./fetch-commit.ts";
import type { Mirror } from "./mirror.ts";
import type { Remote, RemoteContext } from "./remote.ts";
import { withRemote } from "./remote.ts";

export interface History {
  readonly mirror: Mirror;
  readonly commit: string;
  /** What is left out of it. */
  readonly filter: "tree:0" | "blob:none";
  readonly signal: AbortSignal;
}

/** Brings a commit and all that led to it into a mirror of histories; what is there already is not sent again. */
export async function fetchHistory(
  remotes: RemoteContext,
  remote: Remote,
  { mirror, commit, filter, signal }: History,
): Promise<void> {
  await mirror.load();
  if (mirror.has(commit)) return;
  const { repository } = remote;
  await mirror.inTurn(async () => {
    if (mirror.has(commit)) return;
    const run = async (environment: Readonly<Record<string, string>>) =>
      await fetchCommit({ mirror, repository, commit, historyFilter: filter, refs: [], environment, signal });
    await withRemote(remotes, remote, { kind: "fetch", signal, run });
  });
}
