import type { JsonObject } from "#core/object/index.ts";
import type { RenderJob } from "../protocol.ts";
import type { Engines } from "./engine/engines.ts";
import type { FileAccess } from "./file-access.ts";

/** What every tool is given. */
export interface ToolContext {
  readonly files: FileAccess;
  readonly job: RenderJob;
  readonly engines: Engines;
}

export interface RenderedObject {
  readonly object: JsonObject;
  /** `path/file.yaml#2`. */
  readonly origin: string;
}

/** What every tool gives: objects in a deterministic order. */
export interface ToolOutput {
  /** Argo CD's name of the tool. */
  readonly sourceType: string;
  readonly objects: RenderedObject[];
}
