import type { JsonValue } from "#core/object/index.ts";
import { collectObjects } from "#core/object/index.ts";
import type { RenderJob } from "../protocol.ts";
import type { Position } from "./manifest-error.ts";
import { ManifestError } from "./manifest-error.ts";
import type { ToolOutput } from "./tool.ts";

/** Adds the objects of one document to the output; throws RENDER_TOO_LARGE when they are too many. */
export function addObjects(
  value: JsonValue,
  position: Position,
  { output, job }: { readonly output: ToolOutput; readonly job: RenderJob },
): void {
  for (const object of collectObjects(value, (problem) => new ManifestError(position, problem))) {
    if (output.objects.length === job.limits.maxObjects) {
      throw new ManifestError(
        position,
        `more than ${job.limits.maxObjects} objects in one render; split the application`,
        "RENDER_TOO_LARGE",
      );
    }
    output.objects.push({ object, origin: `${position.file}#${position.document ?? 1}` });
  }
}
