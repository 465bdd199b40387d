import type { Pipeline, Promotion } from "./pipeline.ts";
import { stagesOf } from "./pipeline.ts";

interface Told {
  readonly subject?: string | undefined;
  readonly author?: string | undefined;
}

/** What is known of a commit from the candidates and promotions that name it. */
export function commitIn(revision: string, pipeline: Pipeline, promotions: readonly Promotion[]): Told {
  const candidates = stagesOf(pipeline).flatMap(({ status }) => status.candidate ?? []);
  const candidate = candidates.find((each) => each.revision === revision);
  if (candidate?.subject !== undefined) return candidate;
  const commits = promotions.flatMap(({ status }) => status.commits ?? []);
  return commits.find(({ commit }) => commit === revision) ?? {};
}
