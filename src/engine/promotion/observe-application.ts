import type { Application } from "#core/app/index.ts";
import { revisionsOf } from "#core/app/index.ts";
import type { Stage, StageStatus } from "#core/promotion/index.ts";
import type { ContentPlace, ContentReader } from "./content-reader.ts";
import { sourceProblem, stageSources } from "./stage-sources.ts";

export type AppState = NonNullable<StageStatus["applications"]>[number];

export interface ObservedApplication {
  readonly state: AppState;
  /** It was compared with what the stage holds now, and nothing differs. */
  readonly isApplied: boolean;
  readonly isHealthy: boolean;
  /** Why it says nothing of the stage. */
  readonly problem: string | undefined;
}

export interface ObservedStage {
  readonly stage: Stage;
  readonly place: ContentPlace;
  /** Of the stage's content; undefined where there is none. */
  readonly content: string | undefined;
  readonly tip: string | undefined;
  readonly contents: ContentReader;
  readonly signal: AbortSignal;
}

/** An Application against what its stage holds. */
export async function observeApplication(
  key: string,
  app: Application | undefined,
  observed: ObservedStage,
): Promise<ObservedApplication> {
  const [namespace = "", name = ""] = key.split("/");
  if (app === undefined) {
    const problem = `Application/${key} does not exist; create it, or take it out of the stage`;
    return { state: { namespace, name }, isApplied: false, isHealthy: false, problem };
  }
  const { sync, health } = app.status ?? {};
  const revision = comparedRevision(app, observed.stage);
  const isApplied = sync?.status === "Synced" && (await hasContent(revision, observed));
  return {
    state: {
      namespace,
      name,
      sync: sync?.status ?? "Unknown",
      health: health?.status ?? "Unknown",
      ...(revision === undefined ? {} : { revision }),
    },
    isApplied,
    isHealthy: isApplied && health?.status === "Healthy",
    problem: sourceProblem(app, observed.stage),
  };
}

/** The commit that the Application's source in the stage was compared with. */
function comparedRevision(app: Application, stage: Stage): string | undefined {
  const { sync } = app.status ?? {};
  const revisions = sync === undefined ? [] : revisionsOf(sync);
  const [first = -1] = stageSources(app, stage);
  const revision = revisions[first];
  return revision === "" ? undefined : revision;
}

async function hasContent(
  revision: string | undefined,
  { tip, content, place, contents, signal }: ObservedStage,
): Promise<boolean> {
  if (revision === undefined || tip === undefined || content === undefined) return false;
  if (revision === tip) return true;
  return (await contents.treeAt(place, { commit: revision, signal })) === content;
}
