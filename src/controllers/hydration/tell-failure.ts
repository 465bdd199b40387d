import type { AppKey, HydratorStatus } from "#core/app/index.ts";
import { appKeyOf } from "#core/app/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { HydratedApplication } from "./batch.ts";
import type { HydrationDeps } from "./deps.ts";
import { writeHydratorStatus } from "./write-status.ts";

/** How it went: `failed` is to be tried again. */
export type BatchOutcome = "done" | "failed";

interface FailedBatch {
  readonly members: readonly HydratedApplication[];
  readonly signal: AbortSignal;
}

/** Says of each application what is wrong with it, or with which other one; a failure that is said already is not said again. */
export async function tellFailure(
  { members, signal }: FailedBatch,
  {
    failures,
    drySha,
  }: { readonly failures: ReadonlyMap<AppKey, string>; readonly drySha: string | undefined },
  deps: HydrationDeps,
): Promise<BatchOutcome> {
  const now = formatTime(deps.adapters.clock.now());
  const [first = "", ...more] = failures.keys();
  const others = more.length === 0 ? "has an error" : `and ${more.length} more have errors`;
  const ofOther = `cannot hydrate because application ${first} ${others}`;
  for (const { app, hydrator } of members) {
    const key = appKeyOf(app);
    const message = `Failed to hydrate: ${deps.redact(failures.get(key) ?? ofOther)}`;
    const end = (before: HydratorStatus): HydratorStatus => {
      const { currentOperation } = before;
      const isSame =
        currentOperation?.phase === "Failed" &&
        currentOperation.message === message &&
        jsonEqual((currentOperation.sourceHydrator ?? null) as JsonValue, hydrator as JsonValue);
      if (isSame) return before;
      const startedAt = currentOperation?.phase === "Hydrating" ? currentOperation.startedAt : undefined;
      const operation = { phase: "Failed", message, sourceHydrator: hydrator, finishedAt: now } as const;
      const of = drySha === undefined ? {} : { drySHA: drySha };
      return { ...before, currentOperation: { ...operation, ...of, startedAt: startedAt ?? now } };
    };
    await writeHydratorStatus(key, end, { deps, signal });
    deps.log.warn("hydration failed", { app: key, error: message });
  }
  return "failed";
}
