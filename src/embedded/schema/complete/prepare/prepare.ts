import type { JsonObject } from "#core/object/index.ts";
import type { Completion } from "../../rules.ts";
import type { Draft } from "../defaults/draft.ts";

/** What the rules need of the cluster. */
export interface ClusterAllocations {
  /** Addresses that are handed out once; both throw when none is left. */
  readonly allocate: {
    clusterIP(): string;
    nodePort(): number;
    /** Why a Service may not have an address or port that it asks for. */
    refusesAddress?(address: string, isTried: boolean): string | undefined;
    refusesPort?(port: number): string | undefined;
  };
  /** Now, as `2026-01-31T12:00:00Z`. */
  readonly now: () => string;
  /** The PriorityClass of a name, or for the empty name the one that is the default; the built-in ones need not be known. */
  readonly priorityClass?: (name: string) => JsonObject | undefined;
}

/** Changes what the API server's strategy of a kind changes before it stores an object. */
export type Prepare = (draft: Draft, write: Completion, cluster: ClusterAllocations) => void;
