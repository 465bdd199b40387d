import type { AppKey } from "#core/app/index.ts";
import type { Delivery } from "#core/delivery/index.ts";
import type { DriftedObject } from "#core/timeline/index.ts";

/** One Application object: one that was created again under its name begins anew. */
export interface TimelineOwner {
  readonly app: AppKey;
  readonly uid: string;
}

/** How an object came to be as desired again. */
export type DriftEnd =
  /** A self-heal put it right. */
  | "self-heal"
  /** A sync that somebody or something else asked for. */
  | "sync"
  /** Whoever changed it changed it back, or something else than Mooring did. */
  | "elsewhere"
  /** Other fields differ now, which is a drift of its own. */
  | "changed-again"
  /** What Git wants is another now. */
  | "git";

/** What an object was found to be other than desired, although it had been deployed so. */
export interface StoredDrift extends DriftedObject {
  readonly id: number;
  /** What was deployed, as `joinRevisions` writes it. */
  readonly revision: string;
  /** Milliseconds since 1970, when it was found. */
  readonly beganMs: number;
  /** Undefined while it lasts. */
  readonly endedMs?: number;
  readonly end?: DriftEnd;
}

export interface Timeline {
  /** Newest first. */
  readonly drifts: readonly StoredDrift[];
  /** Newest first. */
  readonly deliveries: readonly Delivery[];
}

/** What is found to differ now, all of it, and how what does not any more came to its end. */
export interface DriftNews {
  readonly revision: string;
  readonly objects: readonly DriftedObject[];
  readonly end: DriftEnd;
  readonly atMs: number;
}

/**
 * Keeps what happened to applications, for people to look back at: nothing is decided by it. So writing never fails to the writer's face,
 * and what a killed process had noted in its last moment may be missing.
 */
export interface TimelineStore extends AsyncDisposable {
  /** Notes drifts that were not there before, and the end of those that are there no more. Saying the same again changes nothing. */
  noteDrifts(owner: TimelineOwner, news: DriftNews): void;
  /**
   * Adds what is new to what is known of a revision's way; what is known stays, but for a failure, of which the last counts, and the images.
   * A revision that is delivered again after another one is a delivery of its own.
   */
  noteDelivery(owner: TimelineOwner, delivery: Delivery): void;
  forget(app: AppKey): void;
  /** At most so many of each. Throws STORE_UNAVAILABLE. */
  read(owner: TimelineOwner, limit: number): Promise<Timeline>;
  /** Those of which something was noted since a time, newest first. Throws STORE_UNAVAILABLE. */
  readDeliveries(owner: TimelineOwner, sinceMs: number): Promise<readonly Delivery[]>;
}
