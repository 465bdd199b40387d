import type { AppKey } from "#core/app/index.ts";
import { appKeyOf } from "#core/app/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewArray, viewPath, viewString } from "#core/object/index.ts";
import type { FollowedSource, News } from "#core/webhook/index.ts";
import { followedName, hydratedSources, newsName, parseNews } from "#core/webhook/index.ts";
import type { Settings } from "#core/settings/index.ts";
import type { Collection } from "#ports/hub.ts";
import type { Clock } from "#runtime/clock.ts";
import type { ApplicationDeps } from "./deps.ts";

/** When it was last heard that a followed source has news; an answer of its repository from before says nothing of it. */
export class SourceNews {
  readonly #clock: Pick<Clock, "now">;
  #known: ReadonlyMap<string, News> = new Map();
  readonly #heardMs = new Map<string, number>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** Takes over what the ConfigMap says now; the names of the sources that have news since the last time. */
  hear(object: KubeObject): ReadonlySet<string> {
    const before = this.#known;
    this.#known = parseNews(object);
    const fresh = [...this.#known].filter(([key, { at }]) => before.get(key)?.at !== at);
    const names = new Set(fresh.map(([, news]) => followedName(news)));
    for (const name of names) this.#heardMs.set(name, this.#clock.now());
    const current = new Set(this.#known.values().map((news) => followedName(news)));
    for (const name of this.#heardMs.keys()) if (!current.has(name)) this.#heardMs.delete(name);
    return names;
  }

  /** Of what was pushed from here. */
  tell(source: FollowedSource): void {
    this.#heardMs.set(followedName(source), this.#clock.now());
  }

  /**
   * How old an answer about these sources may be, in milliseconds; without end when there were no news. At least one: what was pushed was
   * so longer ago than it takes to hear of it, and all who hear at the same moment are to share one question.
   */
  maxAgeMs(sources: readonly FollowedSource[]): number {
    const now = this.#clock.now();
    const heard = sources.flatMap((source) => this.#heardMs.get(followedName(source)) ?? []);
    return Math.min(Number.POSITIVE_INFINITY, ...heard.map((ms) => Math.max(1, now - ms)));
  }
}

/** Whether it is what the server writes for the controller, and no configuration. */
export function isSourceNews({ kind, metadata }: KubeObject): boolean {
  return kind === "ConfigMap" && metadata.name === newsName;
}

type Jitter = Pick<Settings, "webhookJitterMs" | "webhookJitterThreshold">;

interface NewsDeps extends Pick<ApplicationDeps, "news" | "queue" | "random" | "log"> {
  readonly hub: { readonly applications: Pick<Collection, "values"> };
  readonly config: () => { readonly settings: Jitter };
}

/**
 * Has the applications looked at whose sources have news. Their looks share one question to each repository, and what was rendered stands
 * wherever nothing changed of what it was made from.
 */
export function noticeNews(object: KubeObject, deps: NewsDeps): void {
  const names = deps.news.hear(object);
  if (names.size === 0) return;
  const keys = [...deps.hub.applications.values()].flatMap((app) =>
    sourcesOf(app).some((source) => names.has(followedName(source))) ? [appKeyOf(app)] : [],
  );
  deps.log.debug("sources have news", { sources: names.size, applications: keys.length });
  for (const key of keys) queueNews(key, keys.length, deps);
}

function queueNews(key: AppKey, together: number, { queue, random, config }: NewsDeps): void {
  const { webhookJitterMs, webhookJitterThreshold } = config().settings;
  // Many at once come in turn: which of them the news touch is not known yet, and others are waited for as well.
  if (together <= webhookJitterThreshold) queue.addUrgent(key);
  else queue.addAfter(key, webhookJitterMs * random());
}

function sourcesOf(app: KubeObject): readonly FollowedSource[] {
  const hydrated = hydratedSources(viewPath(app, "spec", "sourceHydrator"));
  if (hydrated.length > 0) return hydrated;
  const several = viewArray(app, "spec", "sources");
  return (several.length > 0 ? several : [viewPath(app, "spec", "source")]).map(followedOf);
}

function followedOf(source: JsonValue | undefined): FollowedSource {
  return {
    repoURL: viewString(source, "repoURL") ?? "",
    revision: viewString(source, "targetRevision") ?? "",
  };
}
