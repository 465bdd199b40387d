import type { World } from "../world.ts";
import { playInteractive } from "./interactive.ts";
import { playScript } from "./script.ts";
import { openStage } from "./stage.ts";

/** Pull: a commit reaches a cluster, and a change by hand is undone, to be seen in the web UI. */
export async function playPull(world: World, isScripted: boolean): Promise<void> {
  await using stage = await openStage(world);
  await (isScripted ? playScript(stage) : playInteractive(stage));
}
