import type { Application } from "#core/app/index.ts";
import { drySourceOf } from "#core/app/index.ts";
import { isMooringError, stackOf } from "#core/errors/index.ts";
import { viewPath } from "#core/object/index.ts";
import { backoffDelay } from "#runtime/backoff.ts";
import type { Outcome } from "#runtime/run-workers.ts";
import { runWorkers } from "#runtime/run-workers.ts";
import { WorkQueue } from "#runtime/work-queue.ts";
import { appKeyOf } from "#core/app/index.ts";
import type { BranchKey, HydratedApplication } from "./batch.ts";
import { batchesOf, branchKeyOf, directoryOf, hydratedApplication, sharedDirectories } from "./batch.ts";
import type { HydrationDeps } from "./deps.ts";
import { hydrateBatch } from "./hydrate-batch.ts";
import { prepare } from "./prepare.ts";
import { tellFailure } from "./tell-failure.ts";

export type { HydrationDeps } from "./deps.ts";

/** Branches worked on at the same time. */
const processors = 5;
const retries = { baseMs: 5_000, factor: 2, maxMs: 120_000, jitter: 0.2 };

/**
 * Commits what the dry sources of Applications render to, to the branches that they sync from or that somebody promotes from. Level-based:
 * what is to be done follows from the Applications, the dry commit and the branch, so a crash at any moment is continued by the next look.
 */
export class Hydration {
  readonly #deps: HydrationDeps;
  readonly #queue: WorkQueue<BranchKey>;
  /** Branches that were asked to be looked at with an answer of the dry repository of now. */
  readonly #fresh = new Set<BranchKey>();
  readonly #failures = new Map<BranchKey, number>();

  constructor(deps: HydrationDeps) {
    this.#deps = deps;
    this.#queue = new WorkQueue<BranchKey>({
      clock: deps.adapters.clock,
      backoff: { baseMs: 100, factor: 2, maxMs: 60_000, jitter: 0.5 },
      random: deps.random,
    });
  }

  /** Has an Application's branch looked at; `isFresh` when somebody waits for what its dry repository says now. */
  notice(app: Application, isFresh: boolean): void {
    const member = hydratedApplication(app);
    if (member === undefined) return;
    const key = branchKeyOf(member.hydrator);
    if (isFresh) this.#fresh.add(key);
    this.#queue.add(key);
  }

  /** Works until the signal aborts; a commit in hand ends before it resolves. */
  async run(signal: AbortSignal): Promise<void> {
    await runWorkers<BranchKey>({
      queue: this.#queue,
      concurrency: processors,
      reconcile: async (key, workerSignal) => await this.#hydrate(key, workerSignal),
      onError: (key, error) => this.#report(key, error),
      signal,
    });
  }

  async #hydrate(key: BranchKey, signal: AbortSignal): Promise<Outcome> {
    const isFresh = this.#fresh.delete(key);
    const members = this.#membersOf(key);
    // Those of Applications that may do nothing now, too: what they wrote before is not to be taken away for one that is above it.
    const directories = new Set(members.map((member) => directoryOf(member)));
    const preparations = members.map((member) => prepare(member, this.#deps));
    let failed = false;
    for (const one of preparations) {
      if (one.ok) continue;
      const failures = new Map([[appKeyOf(one.member.app), one.problem]]);
      await tellFailure({ members: [one.member], signal }, { failures, drySha: undefined }, this.#deps);
      failed = true;
    }
    const prepared = preparations.flatMap((one) => (one.ok ? [one.prepared] : []));
    const problems = sharedDirectories(prepared);
    for (const batch of batchesOf(prepared)) {
      const maxAgeMs = isFresh ? 0 : this.#maxAgeOf(batch);
      const outcome = await hydrateBatch(
        { members: batch, directories, problems, maxAgeMs, signal },
        this.#deps,
      );
      failed ||= outcome === "failed";
    }
    if (!failed) {
      this.#failures.delete(key);
      return { kind: "settled" };
    }
    const count = this.#failures.get(key) ?? 0;
    this.#failures.set(key, count + 1);
    return { kind: "waiting", requeueAfterMs: backoffDelay(count, retries, this.#deps.random) };
  }

  #membersOf(key: BranchKey): readonly HydratedApplication[] {
    return [...this.#deps.hub.applications.values()].flatMap((object) => {
      const { deletionTimestamp } = object.metadata;
      if (deletionTimestamp !== undefined || viewPath(object, "spec", "sourceHydrator") === undefined)
        return [];
      const app = this.#deps.parse(appKeyOf(object));
      const member = app === undefined ? undefined : hydratedApplication(app);
      return member !== undefined && branchKeyOf(member.hydrator) === key ? [member] : [];
    });
  }

  #maxAgeOf(batch: readonly HydratedApplication[]): number {
    const { reconciliationTimeoutMs } = this.#deps.config().settings;
    const news = batch.map(({ hydrator }) => {
      const { repoURL, targetRevision = "" } = drySourceOf(hydrator);
      return { repoURL, revision: targetRevision };
    });
    return Math.min(reconciliationTimeoutMs || Number.POSITIVE_INFINITY, this.#deps.maxAgeMs(news));
  }

  #report(key: BranchKey, error: unknown): void {
    if (isMooringError(error) && error.retry !== "bug") {
      const level = error.retry === "now" ? "debug" : "warn";
      this.#deps.log[level]("hydration will be repeated", {
        branch: key,
        code: error.code,
        error: error.message,
      });
      return;
    }
    this.#deps.log.error("hydration hit a bug", { branch: key, error: stackOf(error) });
  }
}
