import { isMooringError, MooringError } from "#core/errors/index.ts";
import { resolveProject } from "#core/hub/index.ts";
import { viewString } from "#core/object/index.ts";
import type { AppProject } from "#core/project/index.ts";
import { checkDestination, checkSource } from "#core/project/index.ts";
import { projectOf } from "#core/project/project-of.ts";
import type { Pipeline, Promotion } from "#core/promotion/index.ts";
import { namedApplications, parsePromotion } from "#core/promotion/index.ts";
import type { RepositoryAccess } from "#core/repo/index.ts";
import { repositoryMatchKey, resolveRepositoryAccess } from "#core/repo/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { PromotionDeps } from "./deps.ts";
import { isGitProblem } from "./git-problem.ts";
import { ownApplications } from "./own-applications.ts";
import type { Pass } from "./pass.ts";

/** As projects name it. */
const hubCluster = { server: "https://kubernetes.default.svc", name: "in-cluster" };

/** Reads what a look at a pipeline begins with. Throws APP_INVALID for what the project does not permit, and `GIT_` errors. */
export async function openPass(pipeline: Pipeline, deps: PromotionDeps, signal: AbortSignal): Promise<Pass> {
  const urls = [...new Set(pipeline.stages.map((stage) => stage.repoUrl))];
  const project = requireProject(pipeline, urls, deps);
  const { repositories } = deps.config();
  const accesses = new Map(
    urls.map((url) => [url, resolveRepositoryAccess(url, pipeline.project, repositories)] as const),
  );
  refuseContested(pipeline, deps);
  const nowMs = deps.clock.now();
  const { tips, outages } = await readTips({ pipeline, deps, signal }, accesses);
  return {
    pipeline,
    deps,
    nowMs,
    now: formatTime(nowMs),
    accessTo: (url) => known(accesses, url),
    tipsOf: (url) => known(tips, url),
    outageOf: (url) => outages.get(url),
    denyJob: (namespace) => checkDestination(project, { cluster: hubCluster, namespace })?.message,
    promotions: readPromotions(pipeline, deps),
    signal,
  };
}

interface Tips {
  readonly tips: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly outages: ReadonlyMap<string, string>;
}

/** A repository that does not answer holds up its own stages only. Throws its error when none answers. */
async function readTips(
  { pipeline, deps, signal }: Pick<Pass, "pipeline" | "deps" | "signal">,
  accesses: ReadonlyMap<string, RepositoryAccess>,
): Promise<Tips> {
  const tips = new Map<string, ReadonlyMap<string, string>>();
  const outages = new Map<string, string>();
  for (const [url, repository] of accesses) {
    try {
      const options = { maxAgeMs: maxAgeMs(pipeline, url, deps), signal };
      tips.set(url, await deps.branches.readTips(repository, options));
    } catch (error) {
      if (!isGitProblem(error) || outages.size + 1 === accesses.size) throw error;
      tips.set(url, new Map());
      outages.set(url, error.message);
    }
  }
  return { tips, outages };
}

function known<V>(values: ReadonlyMap<string, V>, url: string): V {
  const value = values.get(url);
  if (value === undefined) throw new MooringError("INTERNAL", `repository ${url} was not read`);
  return value;
}

/** When the branches are asked for next: all pipelines of one interval at the same moments, so that they share the questions. */
export function nextTickMs(pipeline: Pipeline, nowMs: number): number {
  return pipeline.intervalMs - (nowMs % pipeline.intervalMs);
}

/** An answer will do that was given since the last tick, and since the last news. */
function maxAgeMs(pipeline: Pipeline, url: string, { clock, heard }: PromotionDeps): number {
  const nowMs = clock.now();
  const tickMs = nowMs - (nowMs % pipeline.intervalMs);
  return Math.max(1, nowMs - Math.max(tickMs, heard.get(repositoryMatchKey(url)) ?? 0));
}

/** The project, which permits every repository. */
function requireProject(
  { project, namespace, name }: Pipeline,
  urls: readonly string[],
  { hub, config }: PromotionDeps,
): AppProject {
  const subject = `Pipeline/${namespace}/${name}`;
  const findProject = (wanted: string) => hub.projects.get(`${hub.namespace}/${wanted}`);
  const sources = { config: config(), namespace: hub.namespace, findProject, compilePattern };
  const permitted = resolveProject({ project, namespace, subject }, sources);
  const denials = urls.flatMap((url) => checkSource(permitted, url, subject)?.message ?? []);
  if (denials.length > 0) throw new MooringError("POLICY_FORBIDDEN", denials.join("\n"), { key: subject });
  return permitted;
}

/** An Application is in one stage: two pipelines that name it would undo what the other did. */
function refuseContested(pipeline: Pipeline, { hub }: PromotionDeps): void {
  const found = ownApplications({ pipeline, deps: { hub } });
  const named = pipeline.stages.flatMap(({ applications }) => applications);
  const own = new Set(named.filter((key) => found.get(key) !== undefined));
  for (const other of hub.pipelines.values()) {
    if (other.metadata.uid === pipeline.uid) continue;
    // Where another project names it, that means nothing.
    if (projectOf(other) !== pipeline.project) continue;
    const shared = namedApplications(other).find((key) => own.has(key));
    if (shared === undefined) continue;
    const { namespace = "", name = "" } = other.metadata;
    throw new MooringError(
      "APP_INVALID",
      `Pipeline/${pipeline.namespace}/${pipeline.name}: Application/${shared} is in Pipeline/${namespace}/${name}, too; take it out of one of them`,
    );
  }
}

function readPromotions({ namespace, name }: Pipeline, { hub, log }: PromotionDeps): readonly Promotion[] {
  return [...hub.promotions.values()]
    .filter(
      (object) => object.metadata.namespace === namespace && viewString(object, "spec", "pipeline") === name,
    )
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .flatMap((object) => {
      try {
        return [parsePromotion(object)];
      } catch (error) {
        if (!isMooringError(error, "APP_INVALID")) throw error;
        log.warn("a promotion is passed over", { error: error.message });
        return [];
      }
    })
    .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
}
