import type { Promotion } from "#core/promotion/index.ts";
import { evaluateVerification } from "./evaluate-gates.ts";
import type { Pass, StageView, StageViews } from "./pass.ts";
import { promotionsOf } from "./pass.ts";
import { withVerified } from "./view-stage.ts";

/**
 * Finds whether what comes after may take what the stage has: a promotion that has ended well says so, and a stage whose content none brought is verified
 * here. When to look again, if nothing happens before.
 */
export async function verifyStage(
  view: StageView,
  views: StageViews,
  pass: Pass,
): Promise<number | undefined> {
  const { status, stage } = view;
  if (status.health !== "Healthy" || status.revision === undefined || status.problem !== undefined) {
    withVerified(view, false, pass);
    return undefined;
  }
  if (status.promotion !== undefined) {
    const promotion = promotionsOf(pass, stage.name).find(({ name }) => name === status.promotion);
    withVerified(view, promotion?.status.phase === "Succeeded", pass);
    return undefined;
  }
  if (stage.verification.length === 0) {
    withVerified(view, true, pass);
    return undefined;
  }
  const asked = await evaluateVerification({ promotion: unpromoted(view, pass), view, views, pass });
  view.status = { ...view.status, verification: asked.gates };
  withVerified(
    view,
    asked.gates.every(({ state }) => state === "Passed"),
    pass,
  );
  return asked.againMs;
}

/** What a stage has that people commit to, as gates look at it. */
function unpromoted({ stage, status, tip }: StageView, { pipeline, now }: Pass): Promotion {
  const { revision = "" } = status;
  return {
    name: `${pipeline.name}-${stage.name}`,
    namespace: pipeline.namespace,
    uid: pipeline.uid,
    resourceVersion: "",
    createdAt: status.since ?? now,
    spec: {
      pipeline: pipeline.name,
      stage: stage.name,
      kind: "Promote",
      cause: "Git",
      revision,
      requestedBy: { username: "git" },
      requestedAt: status.since ?? now,
    },
    status: {
      phase: "Verifying",
      ...(tip === undefined ? {} : { commit: tip }),
      ...(status.verification === undefined ? {} : { verification: status.verification }),
    },
  };
}
