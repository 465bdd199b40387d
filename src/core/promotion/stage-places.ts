import { repositoryMatchKey } from "#core/repo/index.ts";
import type { PipelineProblem } from "./gate.ts";
import type { Stage } from "./pipeline.ts";

/** Whether one path is the other, or below it; empty is all of the branch. */
export function areRelated(one: string, other: string): boolean {
  const [a, b] = [partsOf(one), partsOf(other)];
  const shared = Math.min(a.length, b.length);
  return a.slice(0, shared).every((part, i) => part === b[i]);
}

function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

export function isSameRepository(one: string, other: string): boolean {
  return repositoryMatchKey(one) === repositoryMatchKey(other);
}

/** Two stages of which one is in the other change each other: each promotion would be news for the next, without an end. */
export function checkPlaces(stages: readonly Stage[], problems: PipelineProblem[]): void {
  for (const [i, stage] of stages.entries()) {
    const other = stages.slice(0, i).find((before) => areInEachOther(stage, before));
    if (other === undefined) continue;
    if (stage.path === other.path) {
      const message = `is the same place as stage ${other.name}: same repository, branch and path; change one of them`;
      problems.push({ path: `spec.stages[${i}].branch`, message });
      continue;
    }
    const message =
      `is ${shownPath(stage)} and stage ${other.name} has ${shownPath(other)} of the same branch: one is in the other, so that what is written to one ` +
      "changes both; use folders beside each other, or another branch";
    problems.push({ path: `spec.stages[${i}].path`, message });
  }
}

function areInEachOther(one: Stage, other: Stage): boolean {
  return (
    one.branch === other.branch &&
    areRelated(one.path, other.path) &&
    isSameRepository(one.repoUrl, other.repoUrl)
  );
}

function shownPath({ path }: Stage): string {
  return path === "" ? "all" : JSON.stringify(path);
}

/** The branch of a proposal is pushed by force, which no environment may be. */
export function checkProposals(
  stages: readonly Stage[],
  { pipeline, problems }: { readonly pipeline: string; readonly problems: PipelineProblem[] },
): void {
  for (const [i, stage] of stages.entries()) {
    const { pullRequest } = stage.write;
    if (pullRequest === undefined) continue;
    const branch = pullRequest.branch ?? `mooring/${pipeline}/${stage.name}`;
    const taken = stages.find(
      (other) => other.branch === branch && isSameRepository(other.repoUrl, stage.repoUrl),
    );
    if (taken === undefined) continue;
    const message = `is ${JSON.stringify(branch)}, the branch of stage ${taken.name}, which a proposal would overwrite; name one that is of no stage, or leave it out`;
    problems.push({ path: `spec.stages[${i}].write.pullRequest.branch`, message });
  }
}
