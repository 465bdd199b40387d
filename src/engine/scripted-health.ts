import type { Health } from "#core/health/index.ts";
import { assessHealth, isApplicationItself, isBeingDeleted, readScriptedHealth } from "#core/health/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { gvkOf, jsonEqual } from "#core/object/index.ts";
import { redactSecrets } from "#core/redact/index.ts";
import type {
  HealthExpressions,
  HealthScript,
  HealthScripts,
  LuaHealthScript,
} from "#core/settings/index.ts";
import { findHealthScript } from "#core/settings/index.ts";
import type { Scripts } from "#ports/scripts.ts";
import { BoundedMap } from "#runtime/bounded-map.ts";
import type { Clock } from "#runtime/clock.ts";
import { runExpressions } from "./health-expressions.ts";

/** Judges live objects by the user's script or expressions where there are any for the kind, else by the check of the kind. */
export interface HealthJudge {
  readonly scriptOf: (kind: { readonly group: string; readonly kind: string }) => HealthScript | undefined;
  /**
   * The health of an object. One whose script has not seen this version of it is as healthy as the last version that it saw, and
   * Progressing when it saw none.
   */
  readonly assess: (object: KubeObject) => Health | undefined;
  /** Runs the scripts of those objects that have one and whose health it has not said yet. */
  readonly learn: (objects: readonly KubeObject[], signal: AbortSignal) => Promise<void>;
  /** True when running the script again would say the same: it came to its end. */
  readonly isSettled: (object: KubeObject) => boolean;
}

export interface HealthChecksOptions {
  readonly scripts: Scripts;
  readonly clock: Pick<Clock, "now">;
  /** Keyed hash that scripts see in place of a Secret's values: what they say is written into statuses. */
  readonly secretHash: (value: string) => string;
}

interface Known {
  readonly resourceVersion: string | undefined;
  readonly script: HealthScript;
  readonly health: Health | undefined;
  /** When a script that failed may be run again; undefined when it did not fail. */
  readonly retryAtMs: number | undefined;
}

interface LateExpressions {
  readonly script: HealthExpressions;
  readonly message: string;
  readonly untilMs: number;
}

const maxKnown = 20_000;
/** A script may have failed because the machine was busy. */
const retryAfterMs = 60_000;

/** What users' health scripts said, for all applications: each runs once for each version of an object. */
export class HealthChecks {
  readonly #options: HealthChecksOptions;
  readonly #known = new BoundedMap<Known>(maxKnown);
  /** By key: expressions that took too long. */
  readonly #late = new Map<string, LateExpressions>();
  readonly #lookups = new WeakMap<HealthScripts, HealthJudge["scriptOf"]>();

  constructor(options: HealthChecksOptions) {
    this.#options = options;
  }

  /**
   * The judge by the scripts that the settings hold now, for the application of an instance name. It says nothing of that Application
   * itself, which may hold its own manifest: its health must not follow from what it was.
   */
  judgeBy(healthScripts: HealthScripts, instance: string): HealthJudge {
    const scriptOf = this.#lookups.get(healthScripts) ?? rememberScripts(healthScripts);
    this.#lookups.set(healthScripts, scriptOf);
    const judged = (object: KubeObject) =>
      isBeingDeleted(object) || isApplicationItself(object, instance) ? undefined : scriptOf(gvkOf(object));
    return {
      scriptOf,
      assess: (object) => {
        if (isApplicationItself(object, instance)) return undefined;
        const script = judged(object);
        return script === undefined ? assessHealth(object) : this.#healthOf(object, script);
      },
      learn: async (objects, signal) => {
        const scripted = objects.flatMap((object) => {
          const script = judged(object);
          return script === undefined || this.#isKnown(object, script) ? [] : [{ object, script }];
        });
        for (const [script, asked] of Map.groupBy(scripted, (one) => one.script)) {
          await this.#run(
            script,
            asked.map(({ object }) => object),
            signal,
          );
        }
      },
      isSettled: (object) => {
        const script = judged(object);
        if (script === undefined) return true;
        return this.#isKnown(object, script) && this.#knownOf(object)?.retryAtMs === undefined;
      },
    };
  }

  #knownOf(object: KubeObject): Known | undefined {
    return this.#known.get(identityOf(object));
  }

  #healthOf(object: KubeObject, script: HealthScript): Health | undefined {
    const known = this.#knownOf(object);
    if (known !== undefined && isSameScript(known.script, script)) return known.health;
    return { status: "Progressing", message: "Waiting for its health script" };
  }

  #isKnown(object: KubeObject, script: HealthScript): boolean {
    const known = this.#knownOf(object);
    if (known?.resourceVersion !== object.metadata.resourceVersion) return false;
    if (known === undefined || !isSameScript(known.script, script)) return false;
    return known.retryAtMs === undefined || this.#options.clock.now() < known.retryAtMs;
  }

  async #run(script: HealthScript, objects: readonly KubeObject[], signal: AbortSignal): Promise<void> {
    const { clock, secretHash } = this.#options;
    const shown = objects.map((object) => withoutManagers(redactSecrets(object, { hash: secretHash })));
    const answers =
      script.language === "lua"
        ? await this.#runLua(script, shown, signal)
        : this.#runExpressions(script, shown);
    for (const [index, object] of objects.entries()) {
      const answer = answers[index] ?? failed(script, "it gave no answer");
      const { resourceVersion } = object.metadata;
      const retryAtMs = answer.failed ? clock.now() + retryAfterMs : undefined;
      this.#known.set(identityOf(object), { resourceVersion, script, health: answer.health, retryAtMs }, 1);
    }
  }

  async #runLua(
    script: LuaHealthScript,
    shown: readonly JsonObject[],
    signal: AbortSignal,
  ): Promise<readonly Answer[]> {
    const globals = shown.map((obj) => ({ obj }));
    const outcomes = await this.#options.scripts.lua(script, globals, signal);
    return outcomes.map((outcome) =>
      outcome.ok
        ? { health: readScriptedHealth(outcome.values, script.name), failed: false }
        : failed(script, outcome.message),
    );
  }

  /** They run here and not in a thread: expressions that were late are left alone for a while, so that nothing else waits for them. */
  #runExpressions(script: HealthExpressions, shown: readonly JsonObject[]): readonly Answer[] {
    const { clock } = this.#options;
    return shown.map((object) => {
      const late = this.#late.get(script.name);
      if (late !== undefined && isSameScript(late.script, script) && clock.now() < late.untilMs) {
        return failed(script, late.message);
      }
      const outcome = runExpressions(script, object);
      if (outcome.ok) return { health: outcome.health, failed: false };
      const { message } = outcome;
      if (outcome.late) this.#late.set(script.name, { script, message, untilMs: clock.now() + retryAfterMs });
      return failed(script, message);
    });
  }
}

/** What a check said of one object. */
interface Answer {
  readonly health: Health | undefined;
  readonly failed: boolean;
}

function failed({ language, name }: HealthScript, problem: string): Answer {
  const what = language === "lua" ? "health script" : "health expressions";
  return { health: { status: "Unknown", message: `${what} ${name}: ${problem}` }, failed: true };
}

/** Kinds are few and asked for again and again, wildcards included. */
function rememberScripts(healthScripts: HealthScripts): HealthJudge["scriptOf"] {
  const { exact, wildcards } = healthScripts;
  if (Object.keys(exact).length === 0 && wildcards.length === 0) return () => undefined;
  const found = new Map<string, HealthScript | undefined>();
  return ({ group, kind }) => {
    const name = `${group}/${kind}`;
    if (!found.has(name)) found.set(name, findHealthScript(healthScripts, { group, kind }));
    return found.get(name);
  };
}

function isSameScript(a: HealthScript, b: HealthScript): boolean {
  return a === b || jsonEqual(a as unknown as JsonValue, b as unknown as JsonValue);
}

/** A uid is of one object in one cluster; an object may be served in several versions. */
function identityOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${metadata.uid ?? `${kind}/${metadata.namespace ?? ""}/${metadata.name}`} ${apiVersion}`;
}

/** Half of an object's size, and nothing that a check would look at. */
function withoutManagers(object: KubeObject): JsonObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata } as unknown as JsonObject;
}
