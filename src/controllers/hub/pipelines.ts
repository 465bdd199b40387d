import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Pipeline } from "#core/promotion/index.ts";
import { parsePipeline } from "#core/promotion/index.ts";
import type { Hub } from "#ports/hub.ts";

/** Objects of the hub are replaced, never changed: one that was read is read. */
const known = new WeakMap<KubeObject, Pipeline | undefined>();

/** The Pipelines that make sense; the gates of one that makes none let nothing through. */
export function readPipelines({ pipelines }: Pick<Hub, "pipelines">): readonly Pipeline[] {
  return [...pipelines.values()].flatMap((object) => read(object) ?? []);
}

function read(object: KubeObject): Pipeline | undefined {
  if (known.has(object)) return known.get(object);
  const pipeline = parsed(object);
  known.set(object, pipeline);
  return pipeline;
}

function parsed(object: KubeObject): Pipeline | undefined {
  try {
    return parsePipeline(object);
  } catch (error) {
    if (isMooringError(error, "APP_INVALID")) return undefined;
    throw error;
  }
}
