import { encodeBase64 } from "./base64.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

interface RedactOptions {
  /** A keyed hash of a value, printable and short: equal values look equal, and nobody without the key can test a guess. */
  readonly hash: (value: string) => string;
  /** Annotations whose values are hidden on every kind, such as those of `resource.sensitive.mask.annotations`. */
  readonly sensitiveAnnotations?: readonly string[];
  /** Fields of any kind that hold what was decrypted. */
  readonly secretPaths?: readonly (readonly (string | number)[])[];
}

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** True for the kind whose content is never shown: core/v1 Secret. */
export function isSecret(object: KubeObject): boolean {
  return object.kind === "Secret" && object.apiVersion === "v1";
}

/**
 * The object with placeholders such as `<secret 3f2a91c0>` in place of what is secret: data and stringData of Secrets,
 * their last-applied annotation, sensitive annotations, and fields that hold what was decrypted. An object without any of
 * these is returned as it is.
 */
export function redactSecrets(object: KubeObject, options: RedactOptions): KubeObject {
  const paths = options.secretPaths ?? [];
  const shown = paths.reduce<JsonValue>((value, path) => hideField(value, path, options), object);
  return redactKnown(shown as KubeObject, options);
}

/** Where the path leads nowhere, nothing is hidden: a live object need not have the field. */
function hideField(value: JsonValue, path: readonly (string | number)[], options: RedactOptions): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) {
    return value === null
      ? null
      : placeholder(typeof value === "string" ? value : JSON.stringify(value), options);
  }
  if (typeof step === "number") {
    if (!isJsonArray(value) || value[step] === undefined) return value;
    return value.with(step, hideField(value[step], rest, options));
  }
  if (!isJsonObject(value) || value[step] === undefined) return value;
  return { ...value, [step]: hideField(value[step], rest, options) };
}

function redactKnown(object: KubeObject, options: RedactOptions): KubeObject {
  const secret = isSecret(object);
  const hidden = new Set(options.sensitiveAnnotations);
  if (secret || (options.secretPaths ?? []).length > 0) hidden.add(LAST_APPLIED);
  const annotations = object.metadata.annotations;
  const isAnnotated = isJsonObject(annotations) && Object.keys(annotations).some((name) => hidden.has(name));
  if (!secret && !isAnnotated) return object;
  return {
    ...object,
    ...(secret ? redactedData(object, options) : {}),
    ...(isAnnotated && {
      metadata: { ...object.metadata, annotations: redactedAnnotations(annotations, hidden, options) },
    }),
  } as KubeObject;
}

/** What stringData gives the server as base64 is hashed as such, so that it is seen to equal the same data. */
function redactedData(secret: KubeObject, options: RedactOptions): JsonObject {
  const redacted: Record<string, JsonValue> = {};
  if (secret["data"] !== undefined)
    redacted["data"] = redactValues(secret["data"], (value) => value, options);
  if (secret["stringData"] !== undefined) {
    redacted["stringData"] = redactValues(secret["stringData"], encodeBase64, options);
  }
  return redacted;
}

/** Whatever is in the place of values is hidden, also when it has the wrong shape. */
function redactValues(
  values: JsonValue,
  encode: (value: string) => string,
  options: RedactOptions,
): JsonValue {
  if (values === null) return null;
  if (!isJsonObject(values)) return placeholder(JSON.stringify(values), options);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      placeholder(
        typeof value === "string" ? encode(value).replaceAll(/[\r\n]/g, "") : JSON.stringify(value),
        options,
      ),
    ]),
  );
}

function redactedAnnotations(
  annotations: JsonObject,
  hidden: ReadonlySet<string>,
  options: RedactOptions,
): JsonObject {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [
      name,
      hidden.has(name)
        ? placeholder(typeof value === "string" ? value : JSON.stringify(value), options)
        : value,
    ]),
  );
}

function placeholder(value: string, { hash }: RedactOptions): string {
  return `<secret ${hash(value)}>`;
}
