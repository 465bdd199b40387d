import { MooringError } from "#core/errors/index.ts";
import type { LiveStore } from "#ports/live-store.ts";

/**
 * Runs work on a live store. Throws KUBE_CLOSED when the store was closed meanwhile, whatever the work made of that: its failures
 * say nothing about the cluster, and its results may be about a half-closed store.
 */
export async function whileOpen<T>(live: LiveStore, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    if (live.closed) throw closedError(live, error);
    throw error;
  }
  if (live.closed) throw closedError(live);
  return result;
}

function closedError({ cluster }: LiveStore, cause?: unknown): MooringError {
  const { server } = cluster;
  const message = `cluster ${server}: its connection was closed while it was used; it is repeated on the new one`;
  return new MooringError("KUBE_CLOSED", message, { key: server, cause });
}
