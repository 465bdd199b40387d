import { isMooringError } from "#core/errors/index.ts";
import type { ValuePath } from "#core/differences/index.ts";
import { predictObject } from "#core/compare/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { gvkOf } from "#core/object/index.ts";
import type { LiveStore } from "#ports/live-store.ts";
import type { Respect } from "./apply.ts";
import type { ComparedObject } from "./compare.ts";
import type { ComparisonRules } from "./comparison-rules.ts";
import { fieldManager } from "./field-manager.ts";
import { locateIgnored } from "./ignored-fields.ts";
import { isCreatedAnew } from "./recreate.ts";
import { isValidated, withoutUndeclared } from "./undeclared-fields.ts";

export interface SidesRequest {
  /** Where the object is claimed. */
  readonly live: LiveStore;
  readonly rules: ComparisonRules;
  readonly respect: Respect | undefined;
  readonly signal: AbortSignal;
}

/** An object as it is and as a sync would leave it. Nothing is masked. */
export interface ObjectSides {
  /** The live object in the version that Git speaks. */
  readonly before: KubeObject | undefined;
  /** What the API server would make of it; what Git says where it would refuse that. */
  readonly after: KubeObject | undefined;
  /** Places in both that are not compared. */
  readonly ignored: readonly [before: readonly ValuePath[], after: readonly ValuePath[]];
  /** Why it could not be predicted. */
  readonly note: string | undefined;
}

/** Asks the API server by dry run what a sync would make of an object. */
export async function sidesOf(object: ComparedObject, request: SidesRequest): Promise<ObjectSides> {
  const before = await liveOf(object, request);
  const { after, note } = await predictedOf(object, before, request);
  return { before, after, note, ignored: await ignoredOf(object.key, [before, after], request) };
}

/** The live object in the version that Git speaks. */
async function liveOf(
  object: ComparedObject,
  { live, signal }: SidesRequest,
): Promise<KubeObject | undefined> {
  const found = live.get(object.key);
  const type = object.desired?.type;
  if (found === undefined || type === undefined || found.apiVersion === object.apiVersion) return found;
  const { namespace = "", name = "" } = found.metadata;
  return (await live.cluster.read({ type, namespace, name }, signal)) ?? found;
}

type Sides = readonly [before: KubeObject | undefined, after: KubeObject | undefined];

/** What is ignored of both; of an object that comes or goes everything is shown. */
async function ignoredOf(
  key: ObjectKey,
  [before, after]: Sides,
  { rules: { ignored, scripts }, signal }: SidesRequest,
): Promise<ObjectSides["ignored"]> {
  const rules = ignored.rulesFor(key);
  if (before === undefined || after === undefined || rules.length === 0) return [[], []];
  const [ofLive = [], ofPredicted = []] = await locateIgnored([before, after], {
    rules,
    live: before,
    scripts,
    signal,
  });
  return [ofLive, ofPredicted];
}

const createdAnew = "it cannot be changed: a sync deletes it and creates it again, as Force=true says";

interface Predicted {
  readonly after: KubeObject | undefined;
  readonly note?: string;
}

/** The object after an apply, as the API server answers a dry run; what Git says where it would refuse it. */
async function predictedOf(
  object: ComparedObject,
  found: KubeObject | undefined,
  { live, respect, rules, signal }: SidesRequest,
): Promise<Predicted> {
  const { desired } = object;
  if (desired === undefined) return { after: undefined };
  const read = desired.read();
  const wanted = isValidated(read, rules)
    ? read
    : await withoutUndeclared(read, { cluster: live.cluster, signal });
  const refused = async (note: string): Promise<Predicted> => ({
    after: await mergedOf(wanted, found, { live, signal }),
    note,
  });
  if (object.refused !== undefined) return refused(object.refused);
  if (object.liveVersion === undefined || desired.type === undefined) return { after: wanted };
  const sent =
    found === undefined || respect === undefined
      ? wanted
      : (await respect({ key: object.key, desired: wanted, live: found }, { whole: false, signal })).object;
  try {
    const options = {
      fieldManager,
      force: true,
      dryRun: true,
      fieldValidation: "Ignore",
      signal,
    } as const;
    return { after: await live.cluster.apply(desired.type, sent, options) };
  } catch (error) {
    if (!isMooringError(error)) throw error;
    const isAnew = isCreatedAnew(error, { key: object.key, desired: wanted }, rules);
    return refused(isAnew ? createdAnew : error.message);
  }
}

/** What an apply would leave if it were allowed: what Git says alone would hide that among the server's defaults. */
async function mergedOf(
  wanted: KubeObject,
  found: KubeObject | undefined,
  { live, signal }: Pick<SidesRequest, "live" | "signal">,
): Promise<KubeObject> {
  if (found === undefined || found.apiVersion !== wanted.apiVersion) return wanted;
  const schema = await live.cluster.schemaOf(gvkOf(wanted), signal);
  return predictObject({ desired: wanted, schema, fieldManager }, found).object;
}
