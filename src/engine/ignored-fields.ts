import type { IgnoreRule, JqExpression, ValuePath } from "#core/differences/index.ts";
import { fieldsAt, locateFields, readJqPaths, respectIgnored } from "#core/differences/index.ts";
import type { Respected } from "#core/differences/index.ts";
import { migratedEntries } from "#core/compare/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { FieldSchema } from "#core/merge/index.ts";
import { deduced } from "#core/merge/index.ts";
import { gvkOf } from "#core/object/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import type { SetTrackingOptions } from "#core/tracking/index.ts";
import { setTracking } from "#core/tracking/index.ts";
import type { Scripts } from "#ports/scripts.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Respect } from "./apply.ts";
import type { ComparisonRules } from "./comparison-rules.ts";
import { fieldManager } from "./field-manager.ts";

interface Running {
  readonly scripts: Scripts;
  readonly signal: AbortSignal;
}

export interface LocateOptions extends Running {
  readonly rules: readonly IgnoreRule[];
  /** The object as it lives, whose managedFields say who owns what. */
  readonly live: KubeObject;
}

/** What each of several states of one object has of the ignored fields. Throws CONFIG_INVALID for an expression that does not run. */
export async function locateIgnored(
  objects: readonly KubeObject[],
  { rules, live, scripts, signal }: LocateOptions,
): Promise<readonly (readonly ValuePath[])[]> {
  const found = objects.map((object) => [...locateFields(object, live, rules)]);
  for (const expression of rules.flatMap(({ expressions }) => expressions)) {
    const paths = await runExpression(expression, objects, { scripts, signal });
    for (const [i, some] of paths.entries()) found[i]?.push(...some);
  }
  return found;
}

/** Expressions that ran before, by what runs them. */
const known = new WeakMap<Scripts, Set<string>>();
const maxKnown = 10_000;

/** Runs each expression that never ran before, on an object with nothing in it. Throws CONFIG_INVALID for the first that does not run. */
export async function checkExpressions(
  expressions: readonly JqExpression[],
  running: Running,
): Promise<void> {
  const checked = known.get(running.scripts) ?? new Set();
  known.set(running.scripts, checked);
  for (const expression of expressions) {
    if (checked.has(expression.text)) continue;
    await runExpression(expression, [{ apiVersion: "", kind: "", metadata: {} }], running);
    if (checked.size >= maxKnown) checked.clear();
    checked.add(expression.text);
  }
}

/**
 * Where an expression leads to in each object. What jq cannot follow in one of them, such as the items of a list that is not there, is
 * nothing to ignore.
 */
async function runExpression(
  expression: JqExpression,
  objects: readonly KubeObject[],
  { scripts, signal }: Running,
): Promise<readonly (readonly ValuePath[])[]> {
  // The line break ends a comment in the expression.
  const program = `try [path(${expression.text}\n)] catch []`;
  const outcomes = await scripts.jq(
    program,
    objects.map((object) => withoutManagers(object)),
    signal,
  );
  const failed = outcomes.find((outcome) => !outcome.ok);
  if (failed?.ok === false)
    throw refused(expression, await explain(expression, failed.message, { scripts, signal }));
  return objects.map((object, i) => {
    const outcome = outcomes[i];
    if (outcome?.ok !== true) throw refused(expression, "it was not run");
    const [value, ...others] = outcome.values;
    const paths = value === undefined || others.length > 0 ? undefined : readJqPaths(value, object);
    if (paths === undefined) throw refused(expression, "it is no path expression");
    return paths;
  });
}

/** Where an expression breaks off is said of the expression, not of the program around it. */
async function explain(
  { text }: JqExpression,
  message: string,
  { scripts, signal }: Running,
): Promise<string> {
  if (!/at character \d+$/u.test(message)) return message;
  const [alone] = await scripts.jq(text, [null], signal);
  return alone?.ok === false ? alone.message : message;
}

/** Half of what an object is, and nobody's business in an expression. */
function withoutManagers(object: KubeObject): JsonValue {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function refused({ where, text }: JqExpression, message: string): MooringError {
  return new MooringError(
    "CONFIG_INVALID",
    `${where}: ${JSON.stringify(text)} does not run: ${message}; correct the expression, or name the fields with jsonPointers`,
  );
}

export interface RespectOptions extends Running {
  readonly rules: readonly IgnoreRule[];
  readonly schema: FieldSchema | undefined;
  readonly tracking: SetTrackingOptions;
  /** True where the object is replaced and not applied. */
  readonly whole: boolean;
}

/** What is sent so that ignored fields stay as they live, our own mark excepted. `live` is in the version of `desired`. */
export async function respectLive(
  { desired, live }: { readonly desired: KubeObject; readonly live: KubeObject },
  { rules, schema = deduced, tracking, whole, scripts, signal }: RespectOptions,
): Promise<Respected> {
  const at = { rules, live, scripts, signal };
  const [ofDesired = [], ofLive = []] = await locateIgnored([desired, live], at);
  const entries = migratedEntries(live, fieldManager);
  const own = entries.find(
    ({ manager, operation, subresource }) =>
      manager === fieldManager && operation === "Apply" && subresource === "",
  );
  const { object, sendsLive } = respectIgnored({
    desired,
    live,
    schema,
    ignored: fieldsAt(schema, desired, ofDesired).union(fieldsAt(schema, live, ofLive)),
    own,
    others: entries.filter((entry) => entry !== own),
    whole,
  });
  return { object: setTracking(object, tracking), sendsLive };
}

/** How a sync by these rules leaves ignored fields alone; undefined when it does not. */
export function respectBy(
  rules: ComparisonRules,
  { cluster, tracking }: { readonly cluster: Cluster; readonly tracking: SetTrackingOptions },
): Respect | undefined {
  const { ignored, respectsIgnored, scripts } = rules;
  if (!respectsIgnored || ignored.id === "") return undefined;
  return async ({ key, ...pair }, { whole, signal }) => {
    const ofKey = ignored.rulesFor(key);
    if (ofKey.length === 0) return { object: pair.desired, sendsLive: false };
    const schema = await cluster.schemaOf(gvkOf(pair.desired), signal);
    return respectLive(pair, { rules: ofKey, schema, tracking, whole, scripts, signal });
  };
}
