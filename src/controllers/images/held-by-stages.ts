import type { ImageAutomation } from "#core/images/index.ts";
import { writeDenial } from "#core/promotion/index.ts";
import { repositoryMatchKey } from "#core/repo/index.ts";
import type { Hub } from "#ports/hub.ts";
import type { Clock } from "#runtime/clock.ts";
import { formatTime } from "#runtime/clock.ts";
import { readPipelines } from "../hub/pipelines.ts";
import type { MayWrite, StageOfBranch } from "./deps.ts";

/** Keeps automations from writing to stages that are frozen, held or suspended. */
export function heldByStages(hub: Pick<Hub, "pipelines">, clock: Clock): MayWrite {
  return (automation) => {
    const place = placeOf(automation);
    if (place === undefined) return { allowed: true };
    const reason = writeDenial(readPipelines(hub), place, { nowMs: clock.now(), formatTime });
    return reason === undefined ? { allowed: true } : { allowed: false, reason };
  };
}

/** Which stage has a branch: one that is led anew would lose what was promoted to it. */
export function stagesByBranch(hub: Pick<Hub, "pipelines">): StageOfBranch {
  return (repoUrl, branch) => {
    const key = repositoryMatchKey(repoUrl);
    for (const { namespace, name, stages } of readPipelines(hub)) {
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
