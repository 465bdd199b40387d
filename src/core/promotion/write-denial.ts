import { describeFreeze, freezeAt } from "./freeze.ts";
import type { Pipeline, Stage } from "./pipeline.ts";
import { areRelated, isSameRepository } from "./stage-places.ts";

/** What somebody else than a promotion is about to write to. */
export interface WritePlace {
  readonly repoUrl: string;
  readonly branch: string;
  /** Files and directories; all of the branch when empty. */
  readonly paths: readonly string[];
}

/** An Application, whose spec is about to be written to. */
export interface WrittenApplication {
  /** `namespace/name`. */
  readonly application: string;
}

export interface DenialMoment {
  readonly nowMs: number;
  /** RFC 3339. */
  readonly formatTime: (ms: number) => string;
}

/**
 * Why automation beside promotions may not write to a place now: a stage is there, and is frozen, held or suspended. Undefined when it may; what is
 * written then still needs what the stage's gates ask for before it is synced.
 */
export function writeDenial(
  pipelines: readonly Pipeline[],
  place: WritePlace | WrittenApplication,
  moment: DenialMoment,
): string | undefined {
  for (const pipeline of pipelines)
    for (const stage of pipeline.stages) {
      const reason = isIn(stage, place) ? denialOf(pipeline, stage, moment) : undefined;
      if (reason !== undefined) return reason;
    }
  return undefined;
}

function isIn(stage: Stage, place: WritePlace | WrittenApplication): boolean {
  if ("application" in place) return stage.applications.includes(place.application);
  return (
    stage.branch === place.branch &&
    isSameRepository(stage.repoUrl, place.repoUrl) &&
    (place.paths.length === 0 || place.paths.some((path) => areRelated(stage.path, path)))
  );
}

function denialOf(pipeline: Pipeline, stage: Stage, { nowMs, formatTime }: DenialMoment): string | undefined {
  const where = `stage ${stage.name} of Pipeline ${pipeline.namespace}/${pipeline.name}`;
  if (pipeline.isSuspended)
    return `${where} takes nothing new, because the Pipeline is suspended; set its spec.suspend to false`;
  const frozen = freezeAt(pipeline.freezes, stage.name, nowMs);
  if (frozen !== undefined)
    return `${where} is frozen by ${describeFreeze(frozen, formatTime)}; wait until then, or take the freeze out of the Pipeline`;
  const hold = pipeline.status.stages?.find(({ name }) => name === stage.name)?.hold;
  if (hold === undefined) return undefined;
  return `${where} is held since ${hold.since}, by ${hold.by}: ${hold.reason}; end the hold with: mooring pipeline resume ${pipeline.name}/${stage.name}`;
}
