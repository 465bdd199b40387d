import type { SharedPlane } from "#controllers/application/index.ts";
import { runPromotionController } from "#controllers/promotion/index.ts";
import type { PlanHash } from "#core/sync/index.ts";
import { evaluateGate } from "#engine/promotion/gates/index.ts";
import type { GitBranches } from "#ports/git-branches.ts";
import type { GitStore } from "#ports/git-store.ts";
import { startOutgoingHttp } from "#registry/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";

interface PromotionContext {
  readonly git: GitStore & { readonly branches: GitBranches };
  readonly planHash: PlanHash;
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: (text: string) => string;
}

/** Runs the promotion controller beside the application controller, on what that one knows of the hub. */
export function promoteBeside(context: PromotionContext): (shared: SharedPlane) => Promise<void> {
  return async (shared) => {
    using http = startOutgoingHttp({ environment: process.env });
    const { branches } = context.git;
    await runPromotionController({
      ...shared,
      ...context,
      branches,
      evaluateGate,
      http,
      random: Math.random,
    });
  };
}
