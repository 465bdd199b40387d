import type { Gate } from "#core/promotion/index.ts";
import type { HubConfig } from "#core/hub/index.ts";
import type { PlanHash } from "#core/sync/index.ts";
import type { ContentReader } from "#engine/promotion/content-reader.ts";
import type { GateContext, GateOutcome } from "#engine/promotion/gates/gate-context.ts";
import type { GitBranches } from "#ports/git-branches.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { Hub, HubKey } from "#ports/hub.ts";
import type { LiveView } from "#ports/live-view.ts";
import type { OutgoingHttp } from "#ports/outgoing-http.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import type { WorkQueue } from "#runtime/work-queue.ts";

/** What every step of the promotion controller works with. */
export interface PromotionDeps {
  readonly hub: Hub;
  readonly config: () => HubConfig;
  readonly view: LiveView;
  readonly branches: GitBranches;
  readonly git: Pick<GitStore, "readCommit">;
  readonly contents: ContentReader;
  readonly planHash: PlanHash;
  readonly evaluateGate: (gate: Gate, context: GateContext) => Promise<GateOutcome>;
  readonly http: OutgoingHttp;
  readonly clock: Clock;
  readonly log: Log;
  /** Removes credentials from a text that other programs had a part in. */
  readonly redact: (text: string) => string;
  readonly queue: WorkQueue<HubKey>;
  /** When it was last heard that a repository has news, by its match key. */
  readonly heard: Map<string, number>;
  /** A repository has something new: its branches are asked for at the next look. */
  readonly noticeNews: (repoUrl: string) => void;
}
