import type { Pipeline, Promotion, Stage, StageStatus } from "#core/promotion/index.ts";
import type { RepositoryAccess } from "#core/repo/index.ts";
import type { ContentPlace } from "#engine/promotion/content-reader.ts";
import type { PromotionDeps } from "./deps.ts";

/** One look at one pipeline. */
export interface Pass {
  readonly pipeline: Pipeline;
  readonly deps: PromotionDeps;
  readonly nowMs: number;
  /** RFC 3339, with whole seconds. */
  readonly now: string;
  readonly accessTo: (repoUrl: string) => RepositoryAccess;
  /** The tips of all branches of a repository. */
  readonly tipsOf: (repoUrl: string) => ReadonlyMap<string, string>;
  /** Why a repository does not say its tips now. */
  readonly outageOf: (repoUrl: string) => string | undefined;
  /** Why the project lets nothing run in a namespace of the hub; undefined when something may. */
  readonly denyJob: (namespace: string) => string | undefined;
  /** Of the pipeline, as they were when the look began. */
  readonly promotions: readonly Promotion[];
  readonly signal: AbortSignal;
}

/** A stage as it is found; `status` is what will be written of it. */
export interface StageView {
  readonly stage: Stage;
  readonly place: ContentPlace;
  readonly tip: string | undefined;
  readonly content: string | undefined;
  readonly isApplied: boolean;
  readonly applications: readonly {
    readonly key: string;
    readonly isApplied: boolean;
    readonly isHealthy: boolean;
  }[];
  /** What the Pipeline said before. */
  readonly before: StageStatus | undefined;
  status: StageStatus;
}

export type StageViews = ReadonlyMap<string, StageView>;

export function promotionsOf({ promotions }: Pass, stage: string): readonly Promotion[] {
  return promotions.filter(({ spec }) => spec.stage === stage);
}

/** The stage that people commit to, whose revisions a stage gets; itself for one that takes from none. */
export function sourceOf(stage: Stage, views: StageViews): StageView | undefined {
  const [first] = stage.after;
  const view = views.get(first ?? stage.name);
  return view === undefined || view.stage.after.length === 0 ? view : sourceOf(view.stage, views);
}
