import type { Comparison, Drift, IgnoredPaths } from "#core/compare/index.ts";
import { compareAnswer, comparePrediction, predictObject } from "#core/compare/index.ts";
import type { IgnoreRule } from "#core/differences/index.ts";
import type { MooringError } from "#core/errors/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { FieldSchema } from "#core/merge/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { gvkOf } from "#core/object/index.ts";
import type { SetTrackingOptions } from "#core/tracking/index.ts";
import { viewCompareOptions } from "#core/tracking/index.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";
import type { ComparisonRules } from "./comparison-rules.ts";
import { fieldManager } from "./field-manager.ts";
import { locateIgnored, respectLive } from "./ignored-fields.ts";
import { comparedAs } from "./known-types.ts";
import { isCreatedAnew } from "./recreate.ts";
import { isValidated, withoutUndeclared } from "./undeclared-fields.ts";

/** A desired object that lives, in the version in which it is desired. */
export interface Pair {
  readonly key: ObjectKey;
  readonly type: ResourceType;
  readonly desired: KubeObject;
  readonly live: KubeObject;
}

export interface JudgeOptions {
  readonly cluster: Cluster;
  readonly rules: ComparisonRules;
  readonly tracking: SetTrackingOptions;
  readonly secretHash: (value: string) => string;
  readonly signal: AbortSignal;
}

export interface Judged {
  readonly sync: "Synced" | "OutOfSync";
  readonly drift: readonly Drift[];
  /** What a sync would change although the difference is ignored. */
  readonly ignored: readonly Drift[];
  readonly needsApply: boolean;
  /** What the API server said to the predicted change, when it would refuse it. */
  readonly refused: string | undefined;
}

/**
 * Predicts what applying would change. What is predicted to differ, and what cannot be predicted, is confirmed by one server-side dry
 * run, as is everything that asks for what webhooks would change.
 */
export async function judge(pair: Pair, options: JudgeOptions): Promise<Judged> {
  const { cluster, rules, secretHash, signal } = options;
  const { live } = pair;
  const gvk = gvkOf(pair.desired);
  const schema = await cluster.schemaOf(gvk, signal);
  const ignoring = rules.ignored.rulesFor(pair.key);
  const desired = await toBeSent(pair, { ...options, ignoring, schema });
  const known = await comparedAs(schema, gvk, options);
  const input = {
    desired,
    live,
    schema,
    fieldManager,
    secretHash,
    ...(known === undefined ? {} : { comparedAs: known }),
  };
  const ignoredOf = (predicted: KubeObject) => locate(predicted, live, { ...options, ignoring });
  const prediction = predictObject(input, live);
  const predicted = comparePrediction(input, prediction, await ignoredOf(prediction.object));
  const settled = predicted.predictable && predicted.sync === "Synced";
  if (settled && !asksForWebhooks(pair.desired, rules)) return pick(predicted);
  const answer = await askServer(pair.type, desired, options);
  if (isMooringError(answer)) {
    const refused = isCreatedAnew(answer, pair, rules) ? undefined : answer.message;
    return { ...pick(predicted), sync: "OutOfSync", needsApply: true, refused };
  }
  return pick(compareAnswer(input, answer, await ignoredOf(answer)));
}

/** What an apply would leave, or why it would be refused. */
async function askServer(
  type: ResourceType,
  desired: KubeObject,
  { cluster, signal }: JudgeOptions,
): Promise<KubeObject | MooringError> {
  try {
    return await cluster.apply(type, desired, {
      fieldManager,
      force: true,
      dryRun: true,
      fieldValidation: "Ignore",
      signal,
    });
  } catch (error) {
    if (!isMooringError(error) || error.retry === "bug") throw error;
    return error;
  }
}

interface Ignoring extends JudgeOptions {
  readonly ignoring: readonly IgnoreRule[];
}

/** The desired object as a sync would send it. */
async function toBeSent(
  pair: Pair,
  options: Ignoring & { readonly schema: FieldSchema | undefined },
): Promise<KubeObject> {
  const { rules, ignoring } = options;
  const desired = isValidated(pair.desired, rules)
    ? pair.desired
    : await withoutUndeclared(pair.desired, options);
  if (!rules.respectsIgnored || ignoring.length === 0) return desired;
  const { scripts } = rules;
  const respected = await respectLive(
    { ...pair, desired },
    { ...options, scripts, rules: ignoring, whole: false },
  );
  return respected.object;
}

async function locate(
  predicted: KubeObject,
  live: KubeObject,
  { rules, ignoring, signal }: Ignoring,
): Promise<IgnoredPaths | undefined> {
  if (ignoring.length === 0 || predicted === live) return undefined;
  const at = { rules: ignoring, live, scripts: rules.scripts, signal };
  const [ofLive = [], ofPredicted = []] = await locateIgnored([live, predicted], at);
  return { live: ofLive, predicted: ofPredicted };
}

function asksForWebhooks(desired: KubeObject, rules: ComparisonRules): boolean {
  const own = viewCompareOptions(desired);
  if (own.serverSideDiff === false) return false;
  return rules.includesWebhooks || own.includeMutationWebhook;
}

function pick({ sync, drift, ignored, needsApply }: Comparison): Judged {
  return { sync, drift, ignored, needsApply, refused: undefined };
}
