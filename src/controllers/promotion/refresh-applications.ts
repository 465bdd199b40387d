import { refreshApplication } from "#engine/promotion/sync-application.ts";
import type { Pass, StageView } from "./pass.ts";
import { promotionFieldManager as fieldManager } from "./tell.ts";
import { findApplication } from "./view-stage.ts";

/** Has the applications of a stage look at Git now: they would hear of what is new there in their own time. */
export async function refreshApplications(
  { stage, applications }: Pick<StageView, "stage" | "applications">,
  pass: Pass,
): Promise<void> {
  const { deps, signal } = pass;
  for (const { key } of applications) {
    const app = findApplication(key, pass);
    if (app !== undefined)
      await refreshApplication(app, { stage, cluster: deps.hub.cluster, fieldManager, signal });
  }
}

/** The same once for every change that is seen. */
export async function refreshWhenMoved(view: StageView, pass: Pass): Promise<void> {
  const { before, tip } = view;
  if (before !== undefined && before.tip !== tip) await refreshApplications(view, pass);
}
