import * as acts from "./acts.ts";
import { checkUi } from "./ui.ts";
import type { World } from "./world.ts";

/** The whole story without questions; throws at what does not come true. */
export async function playScript(world: World): Promise<void> {
  await acts.createAndSync(world);
  await checkUi(world.ui);
  const first = { replicas: 3, image: "nginx:latest" };
  await acts.commitAndWatch(world, first);
  await acts.scaleByHand(world, 7);
  await acts.deleteByHand(world);
  await acts.commitAndWatch(world, { replicas: 3, image: "nginx:1.29" });
  await acts.rollBack(world, first);
  await acts.deleteApplication(world);
}
