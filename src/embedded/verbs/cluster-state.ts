import type { Clock } from "#runtime/clock.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Target, User } from "./api.ts";
import type { KindCatalog } from "../kinds/served-kind.ts";
import type { KindRules } from "../schema/rules.ts";
import type { Store } from "../storage/store.ts";

/** A write that is about to happen, and who asks for it. */
export interface Admission {
  readonly target: Target;
  readonly live: KubeObject | undefined;
  readonly next: KubeObject;
  readonly user: User;
}

/** What the verbs of one cluster work on. */
export interface ClusterState {
  readonly store: Store;
  /** Changes when definitions of custom resources do. */
  readonly catalog: () => KindCatalog;
  readonly rules: KindRules;
  /** Throws Forbidden for what somebody may not write, though they may write the kind. */
  readonly admit?: (admission: Admission) => void;
  readonly clock: Clock;
  /** A new `metadata.uid`. */
  readonly newUid: () => string;
  /** Five letters for a generated name. */
  readonly newSuffix: () => string;
}
