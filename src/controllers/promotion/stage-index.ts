import type { AppKey } from "#core/app/index.ts";
import { appKey } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import { namedProject } from "#core/project/project-of.ts";
import type { Pipeline, Promotion, Stage } from "#core/promotion/index.ts";
import { mayClaim, parsePipeline, parsePromotion, viewUnreadable } from "#core/promotion/index.ts";
import type { StageClaim } from "#core/promotion/sync-gate.ts";
import type { Log } from "#runtime/log.ts";

export interface StageIndexOptions {
  /** The control plane's: a Pipeline elsewhere claims Applications of its own namespace only. */
  readonly namespace: string;
  /** Called for every Application for which the answer may be another one now. */
  readonly wake: (app: AppKey) => void;
  readonly log: Log;
}

interface Known {
  readonly pipeline: Pipeline;
  readonly problem: string | undefined;
}

interface Claim {
  readonly pipelineKey: string;
  readonly stage: Stage;
}

/** Which Applications are in which stages, kept with every change of a Pipeline or a Promotion: an Application's look costs one look-up. */
export class StageIndex {
  readonly #options: StageIndexOptions;
  readonly #pipelines = new Map<string, Known>();
  readonly #claims = new Map<AppKey, readonly Claim[]>();
  /** By stage, then by name. */
  readonly #promotions = new Map<string, Map<string, Promotion>>();

  constructor(options: StageIndexOptions) {
    this.#options = options;
  }

  /** Takes a change of a Pipeline or a Promotion; `after` is undefined for one that is gone. */
  notice(before: KubeObject | undefined, after: KubeObject | undefined): void {
    const object = after ?? before;
    if (object?.kind === "Pipeline") this.#noticePipeline(object, after);
    if (object?.kind === "Promotion") this.#noticePromotion(before, after);
  }

  /** The stages that an Application of a project is in: none for almost all. */
  claimsOf(app: AppKey, project: string | undefined): readonly StageClaim[] {
    const claims = this.#claims.get(app);
    if (claims === undefined) return none;
    const [namespace = ""] = app.split("/");
    return claims.flatMap(({ pipelineKey, stage }) => {
      const known = this.#pipelines.get(pipelineKey);
      if (known === undefined) return [];
      const owned = { namespace, project: namedProject(project) };
      if (!mayClaim(known.pipeline, owned, this.#options.namespace)) return [];
      const promotions = [...(this.#promotions.get(stageKey(pipelineKey, stage.name))?.values() ?? [])];
      return [{ pipeline: known.pipeline, stage, promotions, problem: known.problem }];
    });
  }

  #noticePipeline(object: KubeObject, after: KubeObject | undefined): void {
    const key = keyOf(object);
    const before = this.#pipelines.get(key);
    const known = after === undefined ? undefined : this.#read(after, before);
    if (known === undefined) this.#pipelines.delete(key);
    else this.#pipelines.set(key, known);
    const isNews = !jsonEqual(relevant(before), relevant(known));
    if (!isNews) return;
    const apps = new Set([...this.#setClaims(key, before, "take"), ...this.#setClaims(key, known, "put")]);
    for (const app of apps) this.#options.wake(app);
  }

  /** One that was changed into nonsense goes on as it was, and one that was never read lets nothing through: no gate opens by a slip of the pen. */
  #read(object: KubeObject, before: Known | undefined): Known {
    try {
      return { pipeline: parsePipeline(object), problem: undefined };
    } catch (error) {
      if (!isMooringError(error, "APP_INVALID")) throw error;
      this.#options.log.warn("a Pipeline cannot be read", { problem: error.message });
      return { pipeline: before?.pipeline ?? viewUnreadable(object), problem: error.message };
    }
  }

  #setClaims(pipelineKey: string, known: Known | undefined, how: "take" | "put"): readonly AppKey[] {
    if (known === undefined) return [];
    const own = known.pipeline.stages.flatMap((stage) =>
      stage.applications.map((name) => {
        const [appNamespace = "", appName = ""] = name.split("/");
        return { app: appKey(appNamespace, appName), stage };
      }),
    );
    for (const { app, stage } of own) {
      const others = (this.#claims.get(app) ?? []).filter((one) => one.pipelineKey !== pipelineKey);
      const claims = how === "put" ? [...others, { pipelineKey, stage }] : others;
      if (claims.length === 0) this.#claims.delete(app);
      else this.#claims.set(app, claims);
    }
    return own.map(({ app }) => app);
  }

  #noticePromotion(before: KubeObject | undefined, after: KubeObject | undefined): void {
    const [was, is] = [before, after].map((object) => readPromotion(object));
    const promotion = is ?? was;
    if (promotion === undefined) return;
    const { namespace, name, spec } = promotion;
    const pipelineKey = `${namespace}/${spec.pipeline}`;
    const key = stageKey(pipelineKey, spec.stage);
    const stage = this.#promotions.get(key) ?? new Map<string, Promotion>();
    if (is === undefined) stage.delete(name);
    else stage.set(name, is);
    if (stage.size === 0) this.#promotions.delete(key);
    else this.#promotions.set(key, stage);
    if (jsonEqual(relevantOf(was), relevantOf(is))) return;
    const found = this.#pipelines.get(pipelineKey)?.pipeline.stages.find((one) => one.name === spec.stage);
    for (const app of found?.applications ?? []) {
      const [appNamespace = "", appName = ""] = app.split("/");
      this.#options.wake(appKey(appNamespace, appName));
    }
  }
}

const none: readonly StageClaim[] = [];

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}

function stageKey(pipelineKey: string, stage: string): string {
  return `${pipelineKey} ${stage}`;
}

/** What may change whether somebody may sync: most of what is written to a Pipeline's status does not. */
function relevant(known: Known | undefined): JsonValue {
  if (known === undefined) return null;
  const { stages, freezes, isSuspended, status } = known.pipeline;
  const said = (status.stages ?? []).map(({ name, content, promotion, hold }) => [
    name,
    content,
    promotion,
    hold,
  ]);
  return [known.pipeline.project, stages, freezes, isSuspended, said, known.problem] as unknown as JsonValue;
}

function relevantOf(promotion: Promotion | undefined): JsonValue {
  if (promotion === undefined) return null;
  const { phase, commit, plan, breakGlass } = promotion.status;
  return [phase, commit, plan, breakGlass] as unknown as JsonValue;
}

/** Undefined for one that cannot be read: it lets nothing through. */
function readPromotion(object: KubeObject | undefined): Promotion | undefined {
  try {
    return object === undefined ? undefined : parsePromotion(object);
  } catch (error) {
    if (isMooringError(error, "APP_INVALID")) return undefined;
    throw error;
  }
}
