import * as acts from "./acts.ts";
import { checkUi } from "../ui.ts";
import type { Stage } from "./stage.ts";

/** The whole story without questions; throws at what does not come true. */
export async function playScript(stage: Stage): Promise<void> {
  await acts.createAndSync(stage);
  await checkUi(stage.ui);
  const first = { replicas: 3, image: "nginx:latest" };
  await acts.commitAndWatch(stage, first);
  await acts.scaleByHand(stage, 7);
  await acts.deleteByHand(stage);
  await acts.commitAndWatch(stage, { replicas: 3, image: "nginx:1.29" });
  await acts.rollBack(stage, first);
  await acts.deleteApplication(stage);
}
