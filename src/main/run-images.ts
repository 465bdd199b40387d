import { runImageController } from "#controllers/images/index.ts";
import type { ImageControllerOptions } from "#controllers/images/index.ts";
import { connectForge } from "#forge/index.ts";

type Plane = Parameters<typeof runImageController>[0];

/** The image controller, for the controller of Applications to run beside itself. */
export function imagesBeside(
  options: Omit<ImageControllerOptions, "connectForge" | "random">,
): (plane: Plane) => Promise<void> {
  const { clock, signal } = options;
  return async (plane) =>
    await runImageController(plane, {
      ...options,
      connectForge: (settings) => connectForge(settings, { clock, signal }),
      random: Math.random,
    });
}
