import { isMooringError } from "#core/errors/index.ts";
import { throwIfAborted } from "#runtime/abort.ts";
import type { Push } from "./push-commit.ts";
import { pushCommit } from "./push-commit.ts";
import type { Remote, RemoteContext } from "./remote.ts";
import { listRefs, withRemote } from "./remote.ts";

/** After these a push may have arrived; the last is also that of a server that does not say how it went. */
const uncertain = ["GIT_UNREACHABLE", "GIT_TIMEOUT", "GIT_TOO_LARGE", "GIT_FAILED"] as const;

/** `pushCommit`; what broke off may have arrived: the repository itself says whether it did. */
export async function pushSurely(
  remotes: RemoteContext,
  remote: Remote,
  push: Omit<Push, "environment">,
): Promise<string | undefined> {
  const { signal, branch, commit } = push;
  const run = async (environment: Push["environment"]) =>
    await pushCommit(remotes.context, { ...push, environment });
  try {
    return await withRemote(remotes, remote, { kind: "fetch", signal, run });
  } catch (error) {
    throwIfAborted(signal);
    if (!uncertain.some((code) => isMooringError(error, code))) throw error;
    if (await hasArrived(remotes, remote, { signal, branch, commit })) return undefined;
    throw error;
  }
}

async function hasArrived(
  remotes: RemoteContext,
  remote: Remote,
  { signal, branch, commit }: Pick<Push, "signal" | "branch" | "commit">,
): Promise<boolean> {
  try {
    const { refs } = await listRefs(remotes, remote, { maxAgeMs: 0, signal });
    return refs.get(`refs/heads/${branch}`) === commit;
  } catch (error) {
    throwIfAborted(signal);
    if (isMooringError(error)) return false;
    throw error;
  }
}
