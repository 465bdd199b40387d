import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { applyMergePatch, isJsonObject } from "#core/object/index.ts";
import type { ActionEffect, ActionInput, BuiltInAction } from "./action.ts";

/** A merge patch, or what makes one of the object and what the action was given. */
type Patch = JsonObject | ((object: KubeObject, input: ActionInput) => JsonObject);
type Test = (object: KubeObject) => boolean;

/** An action that changes its object by a merge patch. */
export function change(
  name: string,
  patch: Patch,
  more: Omit<BuiltInAction, "name" | "run"> = {},
): BuiltInAction {
  return {
    name,
    ...more,
    run: (object, input) => changed(object, typeof patch === "function" ? patch(object, input) : patch),
  };
}

export interface Toggle {
  readonly names: readonly [on: string, off: string];
  readonly isOn: Test;
  readonly on: Patch;
  readonly off: Patch;
}

/** A pair of actions, of which one makes sense at a time. */
export function toggle({ names: [on, off], isOn, ...patches }: Toggle): readonly BuiltInAction[] {
  return [
    change(on, patches.on, { isDisabled: isOn }),
    change(off, patches.off, { isDisabled: (object) => !isOn(object) }),
  ];
}

/** A pair of actions that set a boolean of the spec. */
export function toggleSpec(field: string, names: Toggle["names"]): readonly BuiltInAction[] {
  return toggle({
    names,
    isOn: specIs(field),
    on: { spec: { [field]: true } },
    off: { spec: { [field]: false } },
  });
}

export function specIs(field: string): Test {
  return (object) => isJsonObject(object["spec"]) && object["spec"][field] === true;
}

/** An action that marks its object with the time, which its controller looks for. */
export function stamp(name: string, annotation: string, isDisabled: Test = () => false): BuiltInAction {
  return change(name, (_, { now }) => ({ metadata: { annotations: { [annotation]: now } } }), { isDisabled });
}

/** A merge patch that sets one annotation; null takes it away. */
export function annotated(annotation: string, value: string | null): JsonObject {
  return { metadata: { annotations: { [annotation]: value } } };
}

/** Of an action that creates something: an object that its own owns, named by the minute, in the same namespace. */
export function createdBy(
  { apiVersion, kind, metadata: owner }: KubeObject,
  { now }: ActionInput,
  made: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata?: JsonObject;
    readonly spec: JsonObject;
  },
): ActionEffect {
  const { name = "", namespace = "", uid = "" } = owner;
  const minute = now.replaceAll(/\D/gu, "").slice(0, "202601312359".length);
  const metadata = {
    ...made.metadata,
    name: `${name}-${minute}`,
    namespace,
    ownerReferences: [{ apiVersion, kind, name, uid }],
  };
  return { operation: "create", object: { ...made, metadata } };
}

/** Pods, as a parameter. Throws CLI_USAGE for anything but a whole number that is not negative. */
export function replicasOf({ replicas }: ActionInput["parameters"]): number {
  const count = Number(replicas);
  if (replicas !== undefined && /^\d+$/u.test(replicas) && Number.isSafeInteger(count)) return count;
  const given = replicas === undefined ? "is missing" : `is ${JSON.stringify(replicas)}`;
  throw new MooringError(
    "CLI_USAGE",
    `parameter replicas ${given}; give the number of pods, such as replicas=3`,
  );
}

function changed(object: KubeObject, patch: JsonObject): ActionEffect {
  const after: JsonValue = applyMergePatch(object, patch);
  if (!isJsonObject(after)) throw new Error("a patch of an object gives an object");
  return { operation: "patch", object: after as unknown as KubeObject };
}
