import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { jsonEqual, viewArray, viewObject, viewString } from "#core/object/index.ts";

/** A name that the definition asks for and that its status holds once it is its own. */
type NameField = "plural" | "singular" | "kind" | "listKind";

interface Condition extends JsonObject {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

/**
 * The status that the API server's controllers give to a definition: the names that are its own among the others of its group,
 * whether they were accepted, and whether it is established. `now` is the time of conditions that change.
 */
export function definitionStatus(
  definition: KubeObject,
  others: readonly KubeObject[],
  now: string,
): JsonObject {
  const status = viewObject(definition, "status");
  const { names, conflict } = acceptNames(definition, namesInUse(definition, others));
  const accepted = namesAccepted(conflict);
  const earlier = viewArray(status, "conditions");
  const conditions = [accepted, established(earlier, accepted)].reduce(
    (all: readonly JsonValue[], condition) => withCondition(all, condition, now),
    earlier,
  );
  const storage = viewArray(definition, "spec", "versions").find(
    (version) => viewObject(version)["storage"] === true,
  );
  const stored = viewArray(status, "storedVersions");
  const name = viewString(storage, "name");
  return {
    ...status,
    conditions,
    acceptedNames: names,
    storedVersions: name === undefined || stored.includes(name) ? stored : [...stored, name],
  };
}

interface UsedNames {
  readonly resources: ReadonlySet<JsonValue | undefined>;
  readonly kinds: ReadonlySet<JsonValue | undefined>;
}

function namesInUse(definition: KubeObject, others: readonly KubeObject[]): UsedNames {
  const group = viewString(definition, "spec", "group");
  const taken = others
    .filter(
      (other) =>
        other.metadata.name !== definition.metadata.name && viewString(other, "spec", "group") === group,
    )
    .map((other) => viewObject(other, "status", "acceptedNames"));
  return {
    resources: new Set(
      taken.flatMap((names) => [names["plural"], names["singular"], ...viewArray(names, "shortNames")]),
    ),
    kinds: new Set(taken.flatMap((names) => [names["kind"], names["listKind"]])),
  };
}

interface Conflict {
  readonly reason: string;
  readonly message: string;
}

interface Acceptance {
  readonly names: JsonObject;
  /** The last that was found; undefined when all names are free. */
  readonly conflict: Conflict | undefined;
}

const checkedNames: readonly (readonly [NameField, "resources" | "kinds", string])[] = [
  ["plural", "resources", "PluralConflict"],
  ["singular", "resources", "SingularConflict"],
  ["kind", "kinds", "KindConflict"],
  ["listKind", "kinds", "ListKindConflict"],
];

function acceptNames(definition: KubeObject, used: UsedNames): Acceptance {
  const requested = viewObject(definition, "spec", "names");
  const current = viewObject(definition, "status", "acceptedNames");
  const names: Record<string, JsonValue | undefined> = { ...current };
  let conflict: Conflict | undefined;
  for (const [field, among, reason] of checkedNames) {
    const name = requested[field];
    if (name === current[field] || !used[among].has(name)) names[field] = name;
    else conflict = { reason, message: inUse(name) };
    if (field === "singular") conflict = acceptShortNames({ requested, current, used, names }) ?? conflict;
  }
  names["categories"] = requested["categories"];
  return { names, conflict };
}

interface ShortNames {
  readonly requested: JsonObject;
  readonly current: JsonObject;
  readonly used: UsedNames;
  readonly names: Record<string, JsonValue | undefined>;
}

/** All or none of them. */
function acceptShortNames({ requested, current, used, names }: ShortNames): Conflict | undefined {
  const own = new Set(viewArray(current, "shortNames"));
  const taken = viewArray(requested, "shortNames").filter(
    (name) => !own.has(name) && used.resources.has(name),
  );
  if (taken.length === 0) {
    names["shortNames"] = requested["shortNames"];
    return undefined;
  }
  const messages = taken.map((name) => inUse(name));
  return {
    reason: "ShortNamesConflict",
    message: messages.length === 1 ? inUse(taken[0]) : `[${messages.join(", ")}]`,
  };
}

function inUse(name: JsonValue | undefined): string {
  return `${JSON.stringify(name)} is already in use`;
}

function namesAccepted(conflict: Conflict | undefined): Condition {
  if (conflict !== undefined) return { type: "NamesAccepted", status: "False", ...conflict };
  return { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" };
}

/** What is established stays so: names that were accepted once are not taken away. */
function established(earlier: readonly JsonValue[], accepted: Condition): Condition {
  const before = earlier.find((condition) => viewString(condition, "type") === "Established");
  if (viewString(before, "status") === "True" || accepted.status === "True") {
    const message = "the initial names have been accepted";
    return { type: "Established", status: "True", reason: "InitialNamesAccepted", message };
  }
  return {
    type: "Established",
    status: "False",
    reason: "NotAccepted",
    message: "not all names are accepted",
  };
}

function withCondition(all: readonly JsonValue[], condition: Condition, now: string): readonly JsonValue[] {
  const before = all.find((item) => viewString(item, "type") === condition.type);
  const isUnchanged = viewString(before, "status") === condition.status;
  const since = isUnchanged ? (viewString(before, "lastTransitionTime") ?? now) : now;
  const { type, status, reason, message } = condition;
  const next = { lastTransitionTime: since, message, reason, status, type };
  if (before === undefined) return [...all, next];
  return jsonEqual(before, next) ? all : all.map((item) => (item === before ? next : item));
}
