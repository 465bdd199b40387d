import type { Forge, ForgeSettings } from "#ports/forge.ts";
import { backoffDelay } from "#runtime/backoff.ts";
import type { Clock } from "#runtime/clock.ts";
import { ForgeClient, TryLater } from "./client.ts";
import { upsertOnce } from "./comments.ts";
import { closeOnce, mergeOnce } from "./merge.ts";
import { findOpen, proposedIn, proposeOnce } from "./propose.ts";
import { readPushRight } from "./push-right.ts";
import { readOnce } from "./read-proposal.ts";
import { readOnceStatuses, setStatusOnce } from "./statuses.ts";

export interface ForgeOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const maxTries = 6;
const maxWaitMs = 60_000;
const backoff = { baseMs: 500, factor: 2, maxMs: 15_000, jitter: 0.3 };

/** A forge that nothing has been asked of yet. Throws CONFIG_INVALID. */
export function connectForge(settings: ForgeSettings, { clock, signal }: ForgeOptions): Forge {
  const client = new ForgeClient(settings, signal, clock);
  const patiently = async <T>(attempt: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof TryLater)) throw error;
        const waitMs = error.afterMs ?? backoffDelay(tries - 1, backoff, Math.random);
        if (tries >= maxTries || waitMs > maxWaitMs) throw error.failure;
        await clock.sleep(waitMs, signal);
      }
    }
  };
  return {
    upsertComment: (request, comment) => patiently(() => upsertOnce(client, request, comment)),
    propose: (proposal) => patiently(() => proposeOnce(client, proposal)),
    findProposal: (branches) =>
      patiently(async () => {
        const found = await findOpen(client, branches);
        if (found === undefined) return undefined;
        const { number } = proposedIn(found, client.kind);
        return await readOnce(client, { repository: branches.repository, number });
      }),
    readProposal: (request) => patiently(() => readOnce(client, request)),
    mergeProposal: (request, wanted) => patiently(() => mergeOnce(client, request, wanted)),
    closeProposal: (request, comment) => patiently(() => closeOnce(client, request, comment)),
    setCommitStatus: (commit, status) => patiently(() => setStatusOnce(client, commit, status)),
    readCommitStatuses: (commit) => patiently(() => readOnceStatuses(client, commit)),
    readPushRight: (branch) => patiently(() => readPushRight(client, branch)),
  };
}
