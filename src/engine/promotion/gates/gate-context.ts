import type { GateState, Pipeline, Promotion, Stage } from "#core/promotion/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { OutgoingHttp } from "#ports/outgoing-http.ts";
import type { Clock } from "#runtime/clock.ts";

/** What a forge says of one commit. */
interface GateCommitStatus {
  readonly context: string;
  readonly state: "pending" | "success" | "failure" | "error";
  readonly description?: string | undefined;
  readonly url?: string | undefined;
}

interface SecretRef {
  readonly name: string;
  readonly key: string;
}

/** What gates ask outside. */
export interface GatePorts {
  /** Of the forge that the Pipeline names. */
  readonly forge?:
    | {
        /** The newest status of each context of a commit of the stage's repository. */
        statuses(commit: string, signal: AbortSignal): Promise<readonly GateCommitStatus[]>;
      }
    | undefined;
  readonly http: OutgoingHttp;
  /** A value of a Secret in the Pipeline's namespace that is marked for promotions; throws CONFIG_NOT_FOUND naming the Secret and the key. */
  readonly secret: (ref: SecretRef, signal: AbortSignal) => Promise<string>;
  /** The hub, on which Jobs run. */
  readonly cluster: Cluster;
  /**
   * Why no Job may run in a namespace of the hub, with the fix; undefined when one may: whoever may change a Pipeline must not get to run
   * what they like where its project deploys nothing.
   */
  readonly denyJob: (namespace: string) => string | undefined;
}

/** All that a gate looks at. */
export interface GateContext {
  readonly pipeline: Pipeline;
  readonly stage: Stage;
  readonly promotion: Promotion;
  /** When the gate began to wait. */
  readonly sinceMs: number;
  /**
   * Since when the revision has been healthy: for `gates` in the stages before (in all of them), for `verification` in the stage itself. Undefined
   * while it is not.
   */
  readonly healthySinceMs: number | undefined;
  /** What the status said of this gate before: its message and its notes. */
  readonly before: GateState | undefined;
  readonly clock: Pick<Clock, "now">;
  readonly ports: GatePorts;
  readonly signal: AbortSignal;
}

export interface GateOutcome {
  readonly state: "Waiting" | "Passed" | "Failed";
  readonly message: string;
  /** When the next look makes sense, if nothing happens before; undefined when only an event can change anything. */
  readonly checkAgainMs?: number | undefined;
  /** What has to be in `notes` of the gate's state for the next look: measurements, tries. Undefined for nothing. */
  readonly notes?: string | undefined;
}
