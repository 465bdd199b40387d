import type { Clock } from "#runtime/clock.ts";
import type { KindCatalog } from "../kinds/served-kind.ts";
import type { KindRules } from "../schema/rules.ts";
import type { Store } from "../storage/store.ts";

/** What the verbs of one cluster work on. */
export interface ClusterState {
  readonly store: Store;
  /** Changes when definitions of custom resources do. */
  readonly catalog: () => KindCatalog;
  readonly rules: KindRules;
  readonly clock: Clock;
  /** A new `metadata.uid`. */
  readonly newUid: () => string;
  /** Five letters for a generated name. */
  readonly newSuffix: () => string;
}
