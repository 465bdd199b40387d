import type { JsonObject } from "#core/object/index.ts";

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
