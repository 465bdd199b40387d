import type { Write } from "./writes.ts";
import type { FieldSchema } from "#core/merge/index.ts";
import {
  ApplyError,
  applyConfiguration,
  recordUpdate,
  resetFieldsOf,
  restoreReset,
} from "#core/merge/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { applyMergePatch, gvkOf, isJsonObject, jsonEqual } from "#core/object/index.ts";

/** What is comparable of a write: the object that came of it, or the message that refused it. */
export interface WriteOutcome {
  readonly values?: JsonValue;
  readonly managedFields?: JsonValue;
  readonly refused?: string;
}

/** What the Service registry fills in after managedFields are made. */
const ALLOCATED = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];

export interface Question {
  readonly write: Write;
  readonly live: KubeObject | undefined;
  readonly schema: FieldSchema | undefined;
  readonly body: JsonValue;
  /** Undefined when the server refused the request. */
  readonly answer?: KubeObject;
}

/** What our functions make of a write. */
export function expectedOf(question: Question): WriteOutcome {
  const { write, live, schema, body, answer } = question;
  const about = answer ?? live ?? (body as KubeObject);
  const { subresource = "", by: manager } = write;
  const { apiVersion } = about;
  const hasStatus = about.kind !== "ConfigMap" && about.kind !== "Secret";
  const context = { schema, manager, subresource, hasStatus, apiVersion, time: newestTime(answer) };
  const isCustom = schema?.omitsEmpty !== true;
  const reset = resetFieldsOf({ ...gvkOf(about), subresource, hasStatus, isCustom });
  try {
    if (write.apply === undefined) {
      const next = nextOf(question);
      return next === undefined
        ? {}
        : outcomeOf(restoreReset(recordUpdate({ ...context, live, next }), live, reset));
    }
    const force = write.force === true;
    const applied = applyConfiguration({ ...context, live, applied: body as KubeObject, force });
    if (!("object" in applied)) return refusedWith(applied.message);
    return outcomeOf(restoreReset(applied.object, live, reset));
  } catch (error) {
    if (error instanceof ApplyError) return refusedWith(error.message);
    throw error;
  }
}

/** Go walks maps in any order, so several problems come in any order. */
export function refusedWith(message: string): WriteOutcome {
  const [first = "", ...problems] = message.split("\n");
  return { refused: [first, ...(first.endsWith("errors:") ? problems.toSorted() : problems)].join("\n") };
}

/** The object to be stored, as far as the request alone tells; where the server filled something in, its answer. */
function nextOf({ write, live, body, answer }: Question): KubeObject | undefined {
  if (answer === undefined) return undefined;
  const sent = sentOf(write, live, body);
  const { managedFields: _managed, ...metadata } = answer.metadata;
  const managedFields =
    sent?.metadata.managedFields ??
    (write.json === undefined ? live?.metadata.managedFields : managedIn(write.json, live));
  const spec = allocationsOf(answer, live, sent);
  const base: KubeObject = {
    ...answer,
    ...spec,
    metadata: { ...metadata, ...(managedFields === undefined ? {} : { managedFields }) },
  };
  const status = write.subresource === undefined && sent !== undefined ? { status: sent["status"] } : {};
  return { ...base, ...(status.status === undefined ? {} : (status as JsonObject)) } as KubeObject;
}

function sentOf(write: Write, live: KubeObject | undefined, body: JsonValue): KubeObject | undefined {
  if (write.create !== undefined || write.put !== undefined) return body as KubeObject;
  if (write.merge !== undefined) return applyMergePatch(live, body) as KubeObject;
  return undefined;
}

function managedIn(
  patch: readonly JsonObject[],
  live: KubeObject | undefined,
): readonly JsonObject[] | undefined {
  const operation = patch.find(({ path }) => path === "/metadata/managedFields");
  if (operation === undefined) return live?.metadata.managedFields;
  return operation["op"] === "remove" ? undefined : (operation["value"] as readonly JsonObject[]);
}

function allocationsOf(
  answer: KubeObject,
  live: KubeObject | undefined,
  sent: KubeObject | undefined,
): JsonObject {
  if (answer.kind !== "Service" || live !== undefined || !isJsonObject(answer["spec"])) return {};
  const given = isJsonObject(sent?.["spec"]) ? sent["spec"] : {};
  const kept = Object.entries(answer["spec"]).filter(([name]) => !ALLOCATED.includes(name) || name in given);
  return { spec: Object.fromEntries(kept) };
}

function newestTime(answer: KubeObject | undefined): string {
  const times = (answer?.metadata.managedFields ?? []).map(({ time }) =>
    typeof time === "string" ? time : "",
  );
  return times.toSorted().at(-1) ?? "2030-01-01T00:00:00Z";
}

export function outcomeOf(object: KubeObject): WriteOutcome {
  const {
    managedFields,
    resourceVersion: _r,
    generation: _g,
    uid: _u,
    creationTimestamp: _c,
    namespace: _n,
    ...metadata
  } = object.metadata;
  const { status: _status, ...rest } = object;
  const status =
    object.kind === "Gadget" && object["status"] !== undefined ? { status: object["status"] } : {};
  return {
    values: withoutNulls({ ...rest, ...status, metadata: withoutEmpties(metadata) }),
    managedFields: (managedFields ?? []) as JsonValue,
  };
}

/** The metadata of all kinds is a Go struct, which drops what is empty. */
function withoutEmpties(metadata: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => !isEmptyValue(value ?? null)));
}

/** The API server drops nulls when it stores an object. */
function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => withoutNulls(item));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field ?? null)]));
}

const DEFAULTED: ReadonlySet<string> = new Set(["ConfigMap", "Deployment", "Service", "Secret"]);

/** What the server only filled in is no difference: its values stand for ours where all of ours are in them. */
export function alike(expected: WriteOutcome, answer: KubeObject): WriteOutcome {
  const actual = outcomeOf(answer);
  if (!DEFAULTED.has(answer.kind) || expected.values === undefined || actual.values === undefined)
    return expected;
  return isWithin(expected.values, actual.values) ? { ...expected, values: actual.values } : expected;
}

function isWithin(part: JsonValue, whole: JsonValue): boolean {
  if (isJsonObject(part)) {
    const isEmpty = Object.keys(part).length === 0;
    if (!isJsonObject(whole)) return isEmpty;
    return Object.entries(part).every(([name, value]) => {
      const field = whole[name];
      return field === undefined ? isEmptyValue(value ?? null) : isWithin(value ?? null, field);
    });
  }
  if (Array.isArray(part) && Array.isArray(whole)) {
    return (
      part.length === whole.length &&
      part.every((item: JsonValue, i) => isWithin(item, whole[i] as JsonValue))
    );
  }
  return jsonEqual(part, whole) || typeof part !== typeof whole;
}

function isEmptyValue(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return (
    value === "" ||
    value === 0 ||
    value === false ||
    (isJsonObject(value) && Object.values(value).every((field) => isEmptyValue(field ?? null)))
  );
}
