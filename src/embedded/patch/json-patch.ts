import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, jsonEqual, viewString } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";

/** As the API server bounds it. */
const maxOperations = 10_000;

type Operation = (document: JsonValue) => JsonValue;

/** The document after an RFC 6902 patch. Throws BadRequest for what is no patch, Invalid for one that does not fit the document. */
export function applyJsonPatch(document: JsonObject, patch: JsonValue): JsonValue {
  if (!isJsonArray(patch)) {
    const type = isJsonObject(patch) ? "object" : typeof patch;
    throw new ApiError(
      "BadRequest",
      `error decoding patch: json: cannot unmarshal ${type} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  if (patch.length > maxOperations) {
    throw new ApiError(
      "RequestEntityTooLarge",
      `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`,
    );
  }
  return patch.reduce<JsonValue>((current, operation) => parseOperation(operation)(current), document);
}

function parseOperation(operation: JsonValue): Operation {
  const [op = "", path, from] = ["op", "path", "from"].map((field) => viewString(operation, field));
  if (path === undefined || !isJsonObject(operation))
    throw unfit(`operation ${JSON.stringify(op)} has no path`);
  const steps = parsePointer(path);
  const value = operation["value"];
  switch (op) {
    case "add":
      return (document) => addAt(document, steps, given(value, path));
    case "replace":
      return (document) => replaceAt(document, steps, given(value, path));
    case "remove":
      return (document) => removeAt(document, steps);
    case "test":
      return (document) => {
        if (steps.length > 0 && !isContainer(read(document, steps.slice(0, -1)))) throw missing(steps);
        if (!jsonEqual(read(document, steps) ?? null, value ?? null))
          throw unfit(`testing value ${path} failed: test failed`);
        return document;
      };
    case "move":
    case "copy":
      return (document) =>
        moveOrCopy(document, { isMove: op === "move", from: parsePointer(from ?? ""), to: steps });
    default:
      throw unfit(`Unexpected kind: ${op}`);
  }
}

function given(value: JsonValue | undefined, path: string): JsonValue {
  if (value === undefined) throw unfit(`operation on ${path} has no value`);
  return value;
}

interface Move {
  readonly isMove: boolean;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

function moveOrCopy(document: JsonValue, { isMove, from, to }: Move): JsonValue {
  if (isMove) {
    const moved = read(document, from);
    if (moved === undefined) throw missing(from);
    return addAt(removeAt(document, from), to, moved);
  }
  return addAt(document, to, copied(document, from));
}

/** A field that an object does not have is copied as null. */
function copied(document: JsonValue, from: readonly string[]): JsonValue {
  const value = read(document, from);
  if (value !== undefined && from.length > 0) return value;
  const parent = from.length === 0 ? undefined : read(document, from.slice(0, -1));
  if (!isJsonObject(parent)) throw missing(from);
  return null;
}

function parsePointer(path: string): readonly string[] {
  if (path === "") return [];
  if (!path.startsWith("/")) throw unfit(`path ${JSON.stringify(path)} does not begin with /`);
  return path
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function read(value: JsonValue, steps: readonly string[]): JsonValue | undefined {
  return steps.reduce<JsonValue | undefined>((current, step) => child(current, step), value);
}

function isContainer(value: JsonValue | undefined): boolean {
  return isJsonArray(value) || isJsonObject(value);
}

function child(value: JsonValue | undefined, step: string): JsonValue | undefined {
  if (isJsonArray(value)) return value[indexIn(value, step)];
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** Changes what stands at the last step's parent. */
function edit(
  value: JsonValue,
  steps: readonly string[],
  change: (parent: JsonArray | JsonObject, step: string) => JsonValue,
): JsonValue {
  const [step, ...rest] = steps;
  if (step === undefined || !(isJsonArray(value) || isJsonObject(value))) throw missing(steps);
  if (rest.length === 0) return change(value, step);
  const below = child(value, step);
  if (below === undefined) throw missing(steps);
  return withChild(value, step, edit(below, rest, change));
}

function withChild(parent: JsonArray | JsonObject, step: string, value: JsonValue): JsonValue {
  if (isJsonArray(parent)) return parent.with(indexIn(parent, step), value);
  return Object.fromEntries([
    ...Object.entries(parent).filter(([name]) => name !== step),
    [step, value],
  ]) as JsonObject;
}

function addAt(document: JsonValue, steps: readonly string[], value: JsonValue): JsonValue {
  return edit(document, steps, (parent, step) => {
    if (!isJsonArray(parent)) return withChild(parent, step, value);
    const at = step === "-" ? parent.length : indexIn(parent, step, parent.length);
    return parent.toSpliced(at, 0, value);
  });
}

function replaceAt(document: JsonValue, steps: readonly string[], value: JsonValue): JsonValue {
  if (steps.length === 0) return value;
  // The API server's library adds a field that is not there.
  return edit(document, steps, (parent, step) => withChild(parent, step, value));
}

function removeAt(document: JsonValue, steps: readonly string[]): JsonValue {
  return edit(document, steps, (parent, step) => {
    if (child(parent, step) === undefined) throw missing(steps);
    if (isJsonArray(parent)) return parent.toSpliced(indexIn(parent, step), 1);
    return Object.fromEntries(Object.entries(parent).filter(([name]) => name !== step)) as JsonObject;
  });
}

/** Throws for what is no index inside the list; negative ones count from its end, as the API server's library allows. */
function indexIn(list: JsonArray, step: string, last: number = list.length - 1): number {
  const index = /^-?(?:0|[1-9]\d*)$/.test(step) ? Number(step) : Number.NaN;
  const at = index < 0 ? index + list.length : index;
  if (!(at >= 0 && at <= last))
    throw unfit(`Unable to access invalid index: ${step}: invalid index referenced`);
  return at;
}

function missing(steps: readonly string[]): ApiError {
  return unfit(
    `jsonpatch operation does not apply: doc is missing path: "/${steps.join("/")}": missing value`,
  );
}

/** The API server does not tell what; `why` is for whoever reads this code. */
function unfit(_why: string): ApiError {
  return new ApiError("Invalid", "the server rejected our request due to an error in our request", {});
}
