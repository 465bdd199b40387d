import { isMooringError } from "#core/errors/index.ts";
import type { ImageAutomation } from "#core/images/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Pipeline } from "#core/promotion/index.ts";
import { parsePipeline, writeDenial } from "#core/promotion/index.ts";
import { repositoryMatchKey } from "#core/repo/index.ts";
import type { Hub } from "#ports/hub.ts";
import type { Clock } from "#runtime/clock.ts";
import { formatTime } from "#runtime/clock.ts";
import type { MayWrite, StageOfBranch } from "./deps.ts";

/** Objects of the hub are replaced, never changed: one that was read is read. */
const known = new WeakMap<KubeObject, Pipeline | undefined>();

/** Keeps automations from writing to stages that are frozen, held or suspended. */
export function heldByStages({ pipelines }: Pick<Hub, "pipelines">, clock: Clock): MayWrite {
  return (automation) => {
    const place = placeOf(automation);
    if (place === undefined) return { allowed: true };
    const reason = writeDenial(readAll(pipelines.values()), place, { nowMs: clock.now(), formatTime });
    return reason === undefined ? { allowed: true } : { allowed: false, reason };
  };
}

/** Which stage has a branch: one that is led anew would lose what was promoted to it. */
export function stagesByBranch({ pipelines }: Pick<Hub, "pipelines">): StageOfBranch {
  return (repoUrl, branch) => {
    const key = repositoryMatchKey(repoUrl);
    for (const { namespace, name, stages } of readAll(pipelines.values())) {
      const stage = stages.find((one) => one.branch === branch && repositoryMatchKey(one.repoUrl) === key);
      if (stage !== undefined) return `stage ${stage.name} of Pipeline ${namespace}/${name}`;
    }
    return undefined;
  };
}

/** A branch that is led anew is refused where it is a stage's. */
function placeOf({ namespace, target }: ImageAutomation): Parameters<typeof writeDenial>[1] | undefined {
  if (target.kind === "application") return { application: `${namespace}/${target.name}` };
  const { repoUrl, branch, pushBranch = branch, paths, proposal } = target.git;
  return proposal === undefined ? { repoUrl, branch: pushBranch, paths } : undefined;
}

function readAll(objects: Iterable<KubeObject>): readonly Pipeline[] {
  return [...objects].flatMap((object) => read(object) ?? []);
}

/** Undefined for one that makes no sense, whose gates let nothing through. */
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
