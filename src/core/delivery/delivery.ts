/** The way of one revision to a cluster; times in milliseconds since 1970, undefined for what has not come to pass or is not known. */
export interface Delivery {
  /** By source, as `joinRevisions` writes it. */
  readonly revision: string;
  /** What was deployed before; empty for nothing, undefined when nobody knows. */
  readonly previous?: string | undefined;
  /** When the newest commit that it brought was written. */
  readonly committedMs?: number | undefined;
  /** When the repository told of it. */
  readonly seenMs?: number | undefined;
  /** When it was rendered and compared. */
  readonly renderedMs?: number | undefined;
  /** When the sync that deployed it began; before that it may have waited for somebody, or for a sync window. */
  readonly startedMs?: number | undefined;
  readonly appliedMs?: number | undefined;
  readonly healthyMs?: number | undefined;
  /** When its last sync failed, which undoes nothing of the above. */
  readonly failedMs?: number | undefined;
  /** When the application was first found Degraded after it. */
  readonly degradedMs?: number | undefined;
  /** When it was healthy again after that. */
  readonly restoredMs?: number | undefined;
  /** Who asked for its sync; `automation` for nobody. */
  readonly by?: string | undefined;
  /** It brought back what had been deployed before. */
  readonly isRollback?: boolean | undefined;
  /** Objects that its sync changed; 0 when all was so already. */
  readonly changes?: number | undefined;
  /** What ran while it was deployed and in sync. */
  readonly images?: readonly string[] | undefined;
}
