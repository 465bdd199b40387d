import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, jsonEqual, viewString } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";

/** As the API server bounds them. */
const maxOperations = 10_000;
const maxCopied = 3 * 1024 * 1024;
/** As deep as bodies may be: patch upon patch could go on for ever, until whoever reads the object runs out of stack. */
const maxDepth = 500;

/** What a patch works on. */
interface Draft {
  document: JsonValue;
  /** Lists and objects that this patch made: nobody else has them, so they are changed in place. */
  readonly own: WeakSet<object>;
  /** How much JSON `copy` made so far: every copy of a copy doubles it. */
  copied: number;
}

type Operation = (draft: Draft) => void;

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
  const draft: Draft = { document, own: new WeakSet(), copied: 0 };
  for (const operation of patch) parseOperation(operation)(draft);
  if (isDeeper(draft.document, maxDepth)) throw unfit("nested too deep");
  return draft.document;
}

function isDeeper(value: JsonValue | undefined, levels: number): boolean {
  if (!isContainer(value)) return false;
  return (
    levels === 0 || Object.values(value as object).some((child) => isDeeper(child as JsonValue, levels - 1))
  );
}

function parseOperation(operation: JsonValue): Operation {
  const [op = "", path, from] = ["op", "path", "from"].map((field) => viewString(operation, field));
  if (path === undefined || !isJsonObject(operation))
    throw unfit(`operation ${JSON.stringify(op)} has no path`);
  const steps = parsePointer(path);
  const value = operation["value"];
  switch (op) {
    case "add":
      return (draft) => addAt(draft, steps, given(value, path));
    case "replace":
      return (draft) => replaceAt(draft, steps, given(value, path));
    case "remove":
      return (draft) => removeAt(draft, steps);
    case "test":
      return ({ document }) => {
        if (steps.length > 0 && !isContainer(read(document, steps.slice(0, -1)))) throw missing(steps);
        if (!jsonEqual(read(document, steps) ?? null, value ?? null))
          throw unfit(`testing value ${path} failed: test failed`);
      };
    case "move":
    case "copy":
      return (draft) =>
        moveOrCopy(draft, { isMove: op === "move", from: parsePointer(from ?? ""), to: steps });
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

function moveOrCopy(draft: Draft, { isMove, from, to }: Move): void {
  if (isMove) {
    const moved = read(draft.document, from);
    if (moved === undefined) throw missing(from);
    removeAt(draft, from);
    return addAt(draft, to, moved);
  }
  const text = JSON.stringify(copied(draft.document, from));
  draft.copied += text.length;
  if (draft.copied > maxCopied) throw unfit(`copies of more than ${maxCopied} bytes`);
  // Not the value itself: what is in two places cannot be changed in place.
  addAt(draft, to, JSON.parse(text) as JsonValue);
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

type Container = JsonValue[] | Record<string, JsonValue>;

/** The list or object that the last step is in, to be changed, and that step. */
function parentOf(draft: Draft, steps: readonly string[]): readonly [Container, string] {
  const last = steps.at(-1);
  if (last === undefined) throw missing(steps);
  let parent = ownContainer(draft, draft.document, steps);
  draft.document = parent;
  for (const step of steps.slice(0, -1)) {
    const below = ownContainer(draft, child(parent, step), steps);
    setChild(parent, step, below);
    parent = below;
  }
  return [parent, last];
}

/** A list or object itself, or a copy of one that is not the patch's own yet. */
function ownContainer({ own }: Draft, value: JsonValue | undefined, steps: readonly string[]): Container {
  if (!isJsonArray(value) && !isJsonObject(value)) throw missing(steps);
  if (own.has(value)) return value as Container;
  const container = isJsonArray(value) ? [...value] : ({ ...value } as Record<string, JsonValue>);
  own.add(container);
  return container;
}

function setChild(parent: Container, step: string, value: JsonValue): void {
  if (isJsonArray(parent)) parent[indexIn(parent, step)] = value;
  // Assigned, a key `__proto__` would be no field.
  else if (step !== "__proto__") parent[step] = value;
  else Object.defineProperty(parent, step, { value, enumerable: true, configurable: true, writable: true });
}

function addAt(draft: Draft, steps: readonly string[], value: JsonValue): void {
  const [parent, step] = parentOf(draft, steps);
  if (!isJsonArray(parent)) return setChild(parent, step, value);
  parent.splice(step === "-" ? parent.length : indexIn(parent, step, parent.length), 0, value);
}

function replaceAt(draft: Draft, steps: readonly string[], value: JsonValue): void {
  if (steps.length === 0) {
    draft.document = value;
    return;
  }
  // The API server's library adds a field that is not there.
  const [parent, step] = parentOf(draft, steps);
  setChild(parent, step, value);
}

function removeAt(draft: Draft, steps: readonly string[]): void {
  const [parent, step] = parentOf(draft, steps);
  if (child(parent, step) === undefined) throw missing(steps);
  if (isJsonArray(parent)) parent.splice(indexIn(parent, step), 1);
  else delete parent[step];
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
