import { archiveTree } from "#plugins/archive-tree.ts";
import { createLeaderAsk, createRemoteView } from "#peers/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { LiveView } from "#ports/live-view.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import { followLeader } from "./follow-leader.ts";
import { startInternalCredentials } from "./internal-credentials.ts";

export interface ViewSources {
  /** The hub's. */
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends what the view needs. */
  readonly signal: AbortSignal;
}

/** As much as a client's own files may unpack to. */
const maxFilesBytes = 128 * 1024 * 1024;

/** What the controller that leads knows, asked over its internal API. Throws CONFIG_INVALID and `KUBE_` errors when it cannot begin. */
export async function openRemoteView(sources: ViewSources): Promise<LiveView> {
  const { clock, signal } = sources;
  const credentials = await startInternalCredentials({ ...sources, role: "server" });
  const asker = createLeaderAsk({
    leader: followLeader(sources),
    credentials: credentials.current,
    onDistrust: credentials.doubt,
    clock,
  });
  signal.addEventListener("abort", () => asker[Symbol.dispose](), { once: true });
  return createRemoteView({
    ask: asker.ask,
    packFiles: (tree, asking) =>
      archiveTree(tree, { maxBytes: maxFilesBytes, include: () => true, signal: asking }),
  });
}
