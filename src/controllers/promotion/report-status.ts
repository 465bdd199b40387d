import { isMooringError } from "#core/errors/index.ts";
import type { Promotion } from "#core/promotion/index.ts";
import { hasEnded } from "#core/promotion/index.ts";
import type { CommitState } from "#ports/forge.ts";
import { openForge } from "./open-forge.ts";
import type { Pass, StageView } from "./pass.ts";
import { promotionsOf } from "./pass.ts";
import { retryMs } from "./step.ts";

const maxReported = 10_000;

/** Says on the forge how promotions of a stage go; a forge that is down holds nothing up. When to try again. */
export async function reportStatuses(view: StageView, pass: Pass): Promise<number | undefined> {
  const { pipeline, deps } = pass;
  if (pipeline.forge === undefined) return undefined;
  for (const promotion of promotionsOf(pass, view.stage.name)) {
    const state = stateOf(promotion);
    const known = deps.reported.get(promotion.uid);
    if (state === undefined || known === state) continue;
    // What ended before this controller began was told by the one before it.
    if (known === undefined && hasEnded(promotion)) {
      remember(promotion, state, pass);
      continue;
    }
    try {
      const open = await openForge(pipeline.stages[0] ?? view.stage, pass);
      if (open === undefined) return undefined;
      await open.forge.setCommitStatus(
        { repository: open.repository, commit: promotion.spec.revision },
        {
          context: `mooring/${pipeline.name}/${view.stage.name}`,
          state,
          description: `${promotion.status.phase ?? "Pending"}: ${promotion.status.message ?? ""}`.slice(
            0,
            140,
          ),
          targetUrl: promotion.status.proposal?.url,
        },
      );
      remember(promotion, state, pass);
    } catch (error) {
      if (!isMooringError(error) || error.retry === "bug") throw error;
      deps.log.warn("a commit status could not be written", {
        promotion: promotion.name,
        error: error.message,
      });
      return retryMs;
    }
  }
  return undefined;
}

function remember({ uid }: Promotion, state: CommitState, { deps }: Pass): void {
  if (deps.reported.size >= maxReported) deps.reported.clear();
  deps.reported.set(uid, state);
}

function stateOf({ status }: Promotion): CommitState | undefined {
  const { phase = "Pending" } = status;
  if (phase === "Succeeded") return "success";
  if (phase === "Failed" || phase === "Refused") return "failure";
  return phase === "Superseded" || phase === "RolledBack" ? undefined : "pending";
}
