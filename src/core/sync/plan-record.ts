import type { FieldPath } from "#core/merge/index.ts";
import { parseFieldText, valueAt } from "#core/merge/index.ts";
import type { JsonObject, JsonValue, KubeObject, ObjectKey } from "#core/object/index.ts";
import { canonicalJson, objectKey, parseObjectKey } from "#core/object/index.ts";
import { isSecret, redactSecrets } from "#core/redact/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import type { Action, ApplyAction, PruneAction, SyncPlan, Wave } from "./plan.ts";

/** How plans are hashed, the same for everybody who works with one control plane. */
export interface PlanHash {
  /** Tells keys apart; `none` where the control plane has none, and values of Secrets are left out. */
  readonly key: string;
  /** A keyed hash, printable: nobody without the key can test a guess of what was hashed. */
  readonly entry: (text: string) => string;
  /** SHA-256 in hexadecimal digits. */
  readonly digest: (text: string) => string;
}

/** What a plan was made from, as far as it says what would be done and is not in the plan. */
export interface PlanGround {
  readonly server: string;
  /** The destination namespace. */
  readonly namespace: string;
  /** Tells rules of comparison apart: what is ignored, and whether a sync leaves that as it lives. */
  readonly rules: string;
  readonly liveOf: (key: ObjectKey) => KubeObject | undefined;
  /** The fields that differ and count. */
  readonly driftOf: (key: ObjectKey) => readonly string[];
  /** Fields that hold what was decrypted. */
  readonly secretPathsOf: (key: ObjectKey) => readonly (readonly (string | number)[])[];
}

/** One thing that a plan does. */
export interface PlanEntry {
  /** `Sync 0`; behind it `prune` for a wave that deletes. */
  readonly at: string;
  readonly verb: "apply" | "replace" | "hook" | "prune";
  /** Of a hook with `generateName`, which has another name at every run, that with a star behind it. */
  readonly key: ObjectKey;
  /** Hash of what is done: the manifest and how it is sent, or how it is deleted. */
  readonly does: string;
  /** Hash of what it is done to: which live object, and what it has in the fields that change. */
  readonly sees: string;
}

/** What a plan does altogether. */
export interface PlanScope {
  readonly app: string;
  readonly server: string;
  readonly namespace: string;
  readonly revision: string;
  readonly dryRun: boolean;
  readonly partial: boolean;
  readonly rules: string;
  readonly key: string;
  /** Hash of the waves and of what each waits for. */
  readonly order: string;
  /** Hash of why it must not be run; empty when it may. */
  readonly refusals: string;
}

/** A plan without its manifests, for approval: small, without any value, and true to its digest. */
export interface PlanRecord {
  /** `sha256:…` over the rest. */
  readonly digest: string;
  readonly scope: PlanScope;
  readonly entries: readonly PlanEntry[];
}

/**
 * What the plan does, with its digest. Two plans have the same one exactly when they do the same to the same objects. Resource versions,
 * managed fields, status, generated hook names and what is left alone are not part of it, since they change while nothing else does.
 */
export function recordPlan(plan: SyncPlan, ground: PlanGround, hash: PlanHash): PlanRecord {
  const { app, revision, dryRun, partial, refusals } = plan;
  const { server, namespace, rules } = ground;
  const scope: PlanScope = {
    app,
    server,
    namespace,
    revision,
    dryRun,
    partial,
    rules,
    key: hash.key,
    order: hash.entry(canonicalJson(plan.waves.map(orderOf))),
    refusals: refusals.length === 0 ? "" : hash.entry(canonicalJson(refusals as unknown as JsonValue)),
  };
  const entries = plan.waves.flatMap((wave) =>
    wave.groups.flatMap(({ actions }) =>
      actions.flatMap((action) => entryOf(action, wave, { ground, hash })),
    ),
  );
  return { digest: digestOf({ scope, entries }, hash.digest), scope, entries };
}

/** The digest that belongs to a record's content. */
export function digestOf(
  { scope, entries }: Pick<PlanRecord, "scope" | "entries">,
  digest: PlanHash["digest"],
): string {
  return `sha256:${digest(canonicalJson({ scope, entries } as unknown as JsonValue))}`;
}

function orderOf({ phase, step, wave, gates }: Wave): JsonValue {
  return [phase, step, wave, gates.map((gate) => (gate.hook ? "hook" : `${gate.until} ${gate.key}`))];
}

interface Recording {
  readonly ground: PlanGround;
  readonly hash: PlanHash;
}

function entryOf(action: Action, wave: Wave, recording: Recording): readonly PlanEntry[] {
  if (action.verb === "skip") return [];
  const at = `${wave.phase} ${wave.wave}${wave.step === "prune" ? " prune" : ""}`;
  const { entry } = recording.hash;
  const [verb, does, sees] =
    action.verb === "prune"
      ? (["prune", doesPrune(action), { uid: action.uid }] as const)
      : ([verbOf(action), doesApply(action, recording), seesApply(action, recording)] as const);
  return [{ at, verb, key: recordedKey(action), does: hashed(does, entry), sees: hashed(sees, entry) }];
}

function hashed(value: unknown, entry: PlanHash["entry"]): string {
  return entry(canonicalJson(value as JsonValue));
}

function verbOf({ hook, mode }: ApplyAction): PlanEntry["verb"] {
  if (hook !== undefined) return "hook";
  return mode === "apply" ? "apply" : "replace";
}

function recordedKey(action: ApplyAction | PruneAction): ObjectKey {
  const generateName = action.verb === "apply" ? action.hook?.generateName : undefined;
  return generateName === undefined
    ? action.key
    : objectKey({ ...parseObjectKey(action.key), name: `${generateName}*` });
}

function doesPrune({ propagation }: PruneAction) {
  return { verb: "prune", propagation };
}

function doesApply(action: ApplyAction, recording: Recording) {
  const { desired, hook, validate, migrateOwnership, skipDryRunOnMissingResource } = action;
  const shown = withoutSecrets(desired, action.key, recording);
  return {
    verb: verbOf(action),
    validate,
    migrateOwnership,
    skipDryRunOnMissingResource,
    desired: hook?.generateName === undefined ? shown : withoutName(shown),
    hook: hook && { deletePolicies: hook.deletePolicies, generateName: hook.generateName },
  };
}

function seesApply(action: ApplyAction, recording: Recording) {
  const { because, mode, force, drift, hook, key, desired } = action;
  const { liveOf, driftOf } = recording.ground;
  const live = hook === undefined ? liveOf(key) : undefined;
  const isComparable = live !== undefined && live.apiVersion === desired.apiVersion;
  const shown = isComparable ? withoutSecrets(live, key, recording) : undefined;
  const showsValues = shown !== undefined && (shown === live || recording.hash.key !== "none");
  return {
    because,
    mode,
    force,
    uid: live?.metadata.uid,
    drift,
    values: showsValues ? driftOf(key).map((path) => valueOf(shown, path)) : undefined,
    content: mode === "replace" && shown !== undefined ? withoutServerParts(shown) : undefined,
    replaces: hook?.replaces?.uid,
  };
}

function valueOf(object: KubeObject, text: string): JsonValue {
  const path: FieldPath | undefined = parseFieldText(text);
  return path === undefined ? null : (valueAt(object as JsonObject, path) ?? null);
}

/** With a key nothing that is hashed can be guessed; without one the values have to be left out. */
function withoutSecrets(object: KubeObject, key: ObjectKey, { ground, hash }: Recording): KubeObject {
  if (hash.key !== "none") return object;
  const secretPaths = ground.secretPathsOf(key);
  if (!isSecret(object) && secretPaths.length === 0) return object;
  return { ...redactSecrets(object, { hash: () => "", secretPaths }) };
}

/** The tracking id holds the name, too. */
function withoutName(object: KubeObject): KubeObject {
  const { name: _, annotations = {}, ...metadata } = object.metadata;
  const { [annotationKey.trackingId]: _id, ...others } = annotations;
  return { ...object, metadata: { ...metadata, annotations: others } };
}

/** What a replace would overwrite. */
function withoutServerParts(object: KubeObject): JsonObject {
  const { status: _, metadata, ...content } = object as JsonObject & KubeObject;
  const { managedFields: _m, resourceVersion: _r, generation: _g, uid: _u, ...kept } = metadata;
  return { ...content, metadata: kept as JsonObject };
}
