import { parseValue } from "#core/crd/parse.ts";
import { array, object as objectSchema, string } from "#core/crd/schema.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { ActionEffect, ResourceAction } from "./action.ts";
import { repairEmpty } from "./repair-empty.ts";

const paramsSchema = array(objectSchema({ name: string(), default: string() }));

/**
 * Reads what a discovery script returned: a table of actions by their names. Throws CONFIG_INVALID that begins with the script's name
 * for anything else.
 */
export function readActions(values: readonly JsonValue[], script: string): readonly ResourceAction[] {
  const result = values.at(-1) ?? null;
  // Lua knows one empty table only.
  if (isJsonArray(result) && result.length === 0) return [];
  if (!isJsonObject(result)) throw wrong(script, "it must return a table of actions by their names");
  return Object.entries(result)
    .map(([name, action]) => readAction(name, action ?? null, script))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function readAction(name: string, value: JsonValue, script: string): ResourceAction {
  const action = isJsonObject(value) ? value : {};
  const { displayName, params } = action;
  const parsed = parseValue(paramsSchema, params ?? [], { path: [name, "params"], secret: true });
  if (!parsed.ok) throw wrong(script, parsed.problems.map(({ message }) => message).join("; "));
  return {
    name,
    disabled: action["disabled"] === true,
    ...(typeof displayName === "string" ? { displayName } : {}),
    params: parsed.value.map((param) => ({
      name: param.name ?? "",
      ...(param.default === undefined ? {} : { default: param.default }),
    })),
  };
}

/**
 * Reads what an action's script returned for an object: the object as it shall be, or a list of tables of `operation` and `resource`.
 * Throws CONFIG_INVALID that begins with the script's name for anything else.
 */
export function readEffects(
  values: readonly JsonValue[],
  source: KubeObject,
  script: string,
): readonly ActionEffect[] {
  const result = values.at(-1) ?? null;
  if (isJsonObject(result)) return [readEffect({ operation: "patch", resource: result }, source, script)];
  if (!isJsonArray(result)) throw wrong(script, "it must return the object, or a list of operations");
  return result.map((effect) => readEffect(isJsonObject(effect) ? effect : {}, source, script));
}

function readEffect(effect: JsonObject, source: KubeObject, script: string): ActionEffect {
  const { operation, resource } = effect;
  if (operation !== "create" && operation !== "patch") {
    throw wrong(script, 'the operation of each entry must be "create" or "patch"');
  }
  const object = isJsonObject(resource) && isJsonObject(resource["metadata"]) ? resource : undefined;
  if (
    object === undefined ||
    typeof object["apiVersion"] !== "string" ||
    typeof object["kind"] !== "string"
  ) {
    throw wrong(script, "the resource of each entry must be an object with apiVersion, kind and metadata");
  }
  const repaired = operation === "patch" ? repairEmpty(object, source) : object;
  const found = repaired as unknown as KubeObject;
  if (operation === "patch" && !isSame(found, source)) {
    throw wrong(script, "it patches another object than its own; only its own can be patched");
  }
  return { operation, object: found };
}

function isSame(a: KubeObject, b: KubeObject): boolean {
  return a.kind === b.kind && a.apiVersion === b.apiVersion && a.metadata.name === b.metadata.name;
}

function wrong(script: string, problem: string): MooringError {
  return new MooringError("CONFIG_INVALID", `action script ${script}: ${problem}`);
}
