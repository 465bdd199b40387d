import type { KubeObject } from "#core/object/index.ts";
import { viewArray } from "#core/object/index.ts";

/** `namespace/name` of an Application as a stage names it: of the Pipeline's namespace unless it says another. */
export function applicationKeyOf(name: string, namespace: string): string {
  return name.includes("/") ? name : `${namespace}/${name}`;
}

/** The Applications that the stages of a Pipeline name, whether the rest of it makes sense or not. */
export function namedApplications(pipeline: KubeObject): readonly string[] {
  const { namespace = "" } = pipeline.metadata;
  return viewArray(pipeline, "spec", "stages")
    .flatMap((stage) => viewArray(stage, "applications"))
    .filter((name) => typeof name === "string")
    .map((name) => applicationKeyOf(name, namespace));
}
