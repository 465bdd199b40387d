import { createHash } from "node:crypto";
import type { IgnoreRule, IgnoreRules, SystemIgnoreEntry, ValuePath } from "#core/differences/index.ts";
import { collectRules, locateFields, noRules, removePaths } from "#core/differences/index.ts";
import { isAbortError, isMooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject, ObjectKey } from "#core/object/index.ts";
import { canonicalJson, gvkOf } from "#core/object/index.ts";
import type { Settings } from "#core/settings/index.ts";
import { summarize } from "#core/summary/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { locateIgnored } from "#engine/ignored-fields.ts";
import type { HealthChecks, HealthJudge } from "#engine/scripted-health.ts";
import type { LiveChange, LiveStore } from "#ports/live-store.ts";
import type { Scripts } from "#ports/scripts.ts";
import type { Log } from "#runtime/log.ts";

export interface ChangeFilterOptions {
  readonly settings: () => Pick<Settings, "healthScripts" | "ignoreResourceUpdates">;
  readonly scripts: Scripts;
  readonly healthChecks: HealthChecks;
  readonly log: Log;
  readonly signal: AbortSignal;
}

type KnownObjects = Pick<LiveStore, "closed" | "get">;

/** What is known of the objects of one cluster, under certain rules. */
interface Known {
  readonly rules: string;
  /** By object, what it was without what does not count. */
  readonly digests: Map<ObjectKey, string>;
}

/** Of every object, whatever the settings say: it changes with everything else. */
const alwaysIgnored: readonly ValuePath[] = [
  ["metadata", "generation"],
  ["metadata", "resourceVersion"],
  ["metadata", "managedFields"],
];

/**
 * Tells changes that are a reason to look at an application from those of fields that `ignoreResourceUpdates` of argocd-cm names. Health,
 * its message, and what is shown of an object always count, whatever field they are read from.
 */
export class ChangeFilter {
  readonly #options: ChangeFilterOptions;
  readonly #known = new WeakMap<KnownObjects, Known>();
  readonly #told = new Set<string>();
  #compiled: { readonly entries: readonly SystemIgnoreEntry[]; readonly rules: IgnoreRules } = {
    entries: [],
    rules: noRules,
  };

  constructor(options: ChangeFilterOptions) {
    this.#options = options;
  }

  /** Whether a change counts; a promise only where a script has to be asked. An object that is seen for the first time counts. */
  counts(change: Pick<LiveChange, "key" | "deleted">, live: KnownObjects): boolean | Promise<boolean> {
    const rules = this.#rules();
    const ofKey = rules.rulesFor(change.key);
    if (ofKey.length === 0) return true;
    const digests = this.#digestsOf(live, rules.id);
    const object = change.deleted || live.closed ? undefined : live.get(change.key);
    if (object === undefined || isExempt(object)) {
      digests.delete(change.key);
      return true;
    }
    const { healthChecks, settings } = this.#options;
    const health = healthChecks.judgeBy(settings().healthScripts, "");
    const isNews = (paths: readonly ValuePath[]): boolean => {
      const digest = digestOf(object, paths, health);
      const before = digests.get(change.key);
      digests.set(change.key, digest);
      return before !== digest;
    };
    const asksScript =
      ofKey.some(({ expressions }) => expressions.length > 0) || health.scriptOf(gvkOf(object)) !== undefined;
    if (!asksScript) return isNews(locateFields(object, object, ofKey));
    return this.#askScripts(object, ofKey, health).then((paths) => paths === undefined || isNews(paths));
  }

  #rules(): IgnoreRules {
    const entries = this.#options.settings().ignoreResourceUpdates;
    if (entries !== this.#compiled.entries)
      this.#compiled = { entries, rules: collectRules("", [], entries) };
    return this.#compiled.rules;
  }

  #digestsOf(live: KnownObjects, rules: string): Map<ObjectKey, string> {
    const known = this.#known.get(live);
    if (known?.rules === rules) return known.digests;
    const digests = new Map<ObjectKey, string>();
    this.#known.set(live, { rules, digests });
    return digests;
  }

  /** Undefined when an expression does not run: every change counts then. */
  async #askScripts(
    object: KubeObject,
    rules: readonly IgnoreRule[],
    health: HealthJudge,
  ): Promise<readonly ValuePath[] | undefined> {
    const { scripts, signal, log } = this.#options;
    try {
      await health.learn([object], signal);
      return (await locateIgnored([object], { rules, live: object, scripts, signal }))[0];
    } catch (error) {
      if (isAbortError(error) && signal.aborted) return undefined;
      if (!isMooringError(error)) throw error;
      if (!this.#told.has(error.message))
        log.warn("every change counts where an expression does not run", { error: error.message });
      this.#told.add(error.message);
      return undefined;
    }
  }
}

function isExempt({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[annotationKey.ignoreResourceUpdates] === "false";
}

function digestOf(object: KubeObject, paths: readonly ValuePath[], health: HealthJudge): string {
  const rest = removePaths(object, [...alwaysIgnored, ...paths]);
  const seen = [rest, health.assess(object) ?? null, summarize([object])] as unknown as JsonValue;
  return createHash("sha256").update(canonicalJson(seen)).digest("base64url");
}
